"""Each kind of thing that the doctor finds, with how it is mended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class _Words(NamedTuple):
    title: str
    mend: str


class Kind(Enum):
    """Title, and what the administrator does about it."""

    # What it stands on
    DATABASE_AWAY = _Words(
        "The database does not answer",
        "See that it is running and that DATABASE_URL is right. Nothing else was looked at.",
    )
    BEHIND = _Words(
        "The database is behind this version",
        "Run `manage.py prepare`; each start of the site does so too.",
    )
    AHEAD = _Words(
        "The database was made by a later version",
        "Start the later version. Or restore a backup that this version made.",
    )
    QUEUE_AWAY = _Words(
        "The queue does not answer",
        "See that Redis is running and that REDIS_URL is right; without Redis, that "
        "DATA_DIR/queue.sqlite3 can be written. What waits is kept in the database.",
    )
    NO_SPACE = _Words(
        "There is too little free space",
        "Make room. Until then nothing is sent to Image Pig, since its answer might not fit.",
    )
    NOT_WRITABLE = _Words(
        "A folder cannot be written",
        "Give it to the user that the site runs as, or mount it for writing.",
    )
    OPEN_TO_OTHERS = _Words(
        "A secret can be read by other users of this machine",
        "Take their rights away: `chmod 600` for a file, `chmod 700` for a folder; --fix does so. "
        "Where others may have read it, `manage.py rotate_api_keys` encrypts with a new key.",
    )

    # Secrets
    UNREADABLE_SECRET = _Words(
        "Stored secrets that no encryption key at hand can read",
        "Put the key back that was used before: DATA_DIR/api_key_encryption_keys from a safe "
        "place, or API_KEY_ENCRYPTION_KEYS. If it is lost for good, `manage.py rotate_api_keys "
        "--forget-unreadable` erases them: teams then add their API keys again, and people their "
        "authenticator apps.",
    )

    # States
    STUCK_SENDING = _Words(
        "Calls whose deadline has passed, and nobody ended them",
        "A worker does within a minute: see that one is running (`manage.py worker`). --fix does "
        "it now: what may have counted is shown as such, and nothing is sent again.",
    )
    STUCK_RECEIVED = _Words(
        "Answers that are paid for and not saved",
        "A worker saves them: see that one is running (`manage.py worker`) and what its log says "
        "of these. --fix hands them to the queue again.",
    )
    ANSWER_MISSING = _Words(
        "Answers that were received and are not on this machine's disk",
        "With several machines, DATA_DIR/spool must be the same folder on all of them. Otherwise "
        "bring the file back; within an hour the worker then saves its picture.",
    )
    STUCK_QUEUED = _Words(
        "Pictures that wait, and the queue does not know of them",
        "A worker hands them over within a minute: see that one is running (`manage.py worker`). "
        "--fix does it now.",
    )

    # Files
    MISSING_ORIGINAL = _Words(
        "Pictures whose file is missing",
        "Take the file out of a backup: tar -xf BACKUP pictures/NAME, and put it into "
        "DATA_DIR/pictures under its name.",
    )
    MISSING_THUMBNAIL = _Words(
        "Thumbnails that are missing",
        "--fix makes them again from the pictures.",
    )
    MISSING_ANSWER = _Words(
        "Kept answers that are missing",
        "Take the file out of a backup: tar -xf BACKUP pictures/NAME, and put it into "
        "DATA_DIR/pictures under its name.",
    )
    CHANGED_FILE = _Words(
        "Pictures whose file is not what was received",
        "The disk or somebody has changed it. Take the file out of a backup: tar -xf BACKUP "
        "pictures/NAME, and put it in the place of the one in DATA_DIR/pictures.",
    )
    UNREADABLE_FILE = _Words(
        "Files that cannot be read",
        "See that the user that the site runs as may read them, and that the disk is healthy.",
    )
    SURPLUS_FILE = _Words(
        "Files that belong to no picture",
        "They do no harm. --fix moves them into DATA_DIR/lost+found, where you can look at them "
        "and remove them.",
    )

    @property
    def title(self) -> str:
        return self.value.title

    @property
    def mend(self) -> str:
        return self.value.mend


@dataclass(frozen=True, slots=True)
class Finding:
    kind: Kind
    subject: str
    """Which one it is, or what was said about it."""
    mended: bool = False
