"""received → saved, from the answer on disk: as often as it takes, without a second call."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils import timezone

from ..faults import Reason
from ..imagepig.answers import Answer, read_answer
from ..imagepig.errors import Fault, PictureNotReady, Unusable
from ..models import Generation, State
from ..pictures import DamagedPicture, Picture, compare, read_picture
from . import spool, steps
from .transactions import release_connection
from .turns import Due
from .upstreams import client_for

logger = logging.getLogger("playground.pipeline")

FILES = ("file", "thumbnail", "kept_answer")
"""The fields that name what is stored."""
FETCHES_A_SECOND_APART = 10
LOST_AFTER = timedelta(hours=1)
"""An answer that cannot be found for so long will not be found."""


def save(generation: Generation) -> Iterator[Due]:
    """Save the picture of a received answer, or end it as unusable. Yields when to try again."""
    now = timezone.now()
    if generation.not_before is not None and generation.not_before > now:
        return
    path = spool.path_of(generation)
    try:
        content = spool.read(path)
        if content is None:
            due = _without_answer(generation, now)
        else:
            due = _save_answer(generation, content, path)
    # The answer is paid for and safe on disk, so whatever went wrong, it is tried again.
    except Exception:
        logger.exception("generation %s: saving failed", generation.pk)
        at = now + timedelta(seconds=min(2.0 ** min(generation.attempts, 12), 600))
        due = steps.postpone_saving(generation, Reason.NOT_SAVED_YET, at)
    yield from [due] if due else []


def _save_answer(generation: Generation, content: bytes, path: Path) -> Due | None:
    try:
        answer = read_answer(content)
    except Unusable as error:
        _end_unusable(generation, {}, content, path, error.kind)
        return None
    said = _said(generation, answer)
    try:
        original = _original(generation, answer)
        picture = read_picture(original)
    except PictureNotReady as error:
        return _fetch_later(generation, said, content, path, error)
    except (Unusable, DamagedPicture) as error:
        _end_unusable(generation, said, content, path, error.kind)
    else:
        _save_picture(generation, said, original, picture, path)
    return None


def _said(generation: Generation, answer: Answer) -> dict[str, Any]:
    """What the answer says, as the record keeps it."""
    days = int(generation.body.get("storage_days", 0))
    until = (generation.received_at or timezone.now()) + timedelta(days=days)
    return {
        "seed": "" if answer.seed is None else str(answer.seed),
        "answer": json.dumps(answer.envelope, ensure_ascii=False),
        "started_at": answer.started_at,
        "completed_at": answer.completed_at,
        "image_url": answer.image_url or "",
        "image_url_ends_at": until if answer.image_url else None,
    }


def _original(generation: Generation, answer: Answer) -> bytes:
    """The picture's own bytes, from the answer or from the address in it."""
    if answer.image_bytes is not None:
        return answer.image_bytes
    steps.show(generation)
    release_connection()
    return client_for(generation.upstream).fetch(cast("str", answer.image_url))


def _save_picture(
    generation: Generation, said: dict[str, Any], original: bytes, picture: Picture, path: Path
) -> None:
    name = new_name(generation)
    file, thumbnail = _store_noted(
        path, {f"{name}.{picture.extension}": original, f"{name}.thumbnail.webp": picture.thumbnail}
    )
    verdict, psnr = against_parent(generation, original)
    saved = steps.finish(
        generation,
        State.SAVED,
        saved_at=timezone.now(),
        fault="" if said["seed"] else Reason.NO_SEED,
        file=file,
        thumbnail=thumbnail,
        placeholder=picture.placeholder,
        sha256=hashlib.sha256(original).hexdigest(),
        mime_type=picture.mime_type,
        width=picture.width,
        height=picture.height,
        bytes=len(original),
        verdict=verdict,
        psnr=psnr,
        seconds=_seconds(generation),
        **said,
    )
    _conclude(generation, path, saved, file, thumbnail)


def _seconds(generation: Generation) -> float:
    """From sending to receiving; a clock that was set back meanwhile tells nothing."""
    sent_at, received_at = cast(
        "tuple[datetime, datetime]", (generation.sent_at, generation.received_at)
    )
    return max(0.0, (received_at - sent_at).total_seconds())


def _end_unusable(
    generation: Generation, said: dict[str, Any], content: bytes, path: Path, kind: str
) -> None:
    (kept,) = _store_noted(path, {f"{new_name(generation)}.answer": content})
    ended = steps.finish(
        generation,
        State.UNUSABLE,
        fault=kind,
        ended_at=timezone.now(),
        kept_answer=kept,
        **said,
    )
    logger.info("generation %s: unusable, %s", generation.pk, kind)
    _conclude(generation, path, ended, kept)


def _conclude(generation: Generation, path: Path, moved: bool, *stored: str) -> None:
    """Forget the answer on disk, and the files that were stored for it in vain."""
    if moved:
        logger.info("generation %s: done", generation.pk)
        forget(path, keep=stored)
        return
    # Somebody else was faster. Or it was this very step, and only the word that it is done was
    # lost on its way back: then the row names these files.
    saved = Generation.objects.filter(pk=generation.pk, state__in=(State.SAVED, State.UNUSABLE))
    if row := saved.values_list(*FILES).first():
        forget(path, keep=row)
    else:
        _delete(stored)


def forget(path: Path, *, keep: Collection[str]) -> None:
    """Forget an answer that is needed no more, and what was stored for it but is not to be kept.

    Only once the row says which files are its own: until then any of them may become so.
    """
    try:
        _delete(name for name in spool.noted(path) if name not in keep)
    # Whatever the store says: the note stays, and the next start tries again.
    except Exception:
        logger.exception("what was stored in vain stays: see %s", spool.note_of(path))
    else:
        spool.remove(spool.note_of(path))
    spool.remove(path)


def _fetch_later(
    generation: Generation,
    said: dict[str, Any],
    content: bytes,
    path: Path,
    error: PictureNotReady,
) -> Due | None:
    """Ask for a hosted picture again: soon at first, then each hour until it is to be gone."""
    now = timezone.now()
    ends_at: datetime = said["image_url_ends_at"]
    soon = generation.attempts < FETCHES_A_SECOND_APART
    at = now + (timedelta(seconds=1) if soon else timedelta(hours=1))
    if not soon and now >= ends_at:
        _end_unusable(generation, said, content, path, Reason.PICTURE_GONE)
        return None
    logger.info("generation %s: its picture is not there yet (%s)", generation.pk, error.status)
    at = at if soon else min(at, ends_at)
    return steps.postpone_saving(generation, Fault.PICTURE_NOT_READY, at)


def _without_answer(generation: Generation, now: datetime) -> Due | None:
    """The answer is not where it was written: on another machine, or gone for good."""
    generation.refresh_from_db(fields=["state"])
    if generation.state != State.RECEIVED:
        return None
    logger.error("generation %s: its answer is missing in %s", generation.pk, spool.folder())
    if now - cast("datetime", generation.received_at) > LOST_AFTER:
        steps.give_up(generation, Reason.ANSWER_LOST)
        return None
    later = now + timedelta(minutes=1)
    return steps.postpone_saving(generation, Reason.NOT_SAVED_YET, later)


def against_parent(generation: Generation, original: bytes) -> tuple[str, float | None]:
    """How a re-run's picture compares with its parent's; "" where there is nothing to compare."""
    parent = generation.parent
    if parent is None or not parent.file:
        return "", None
    try:
        with _pictures().open(parent.file) as file:
            return compare(file.read(), original)
    except (OSError, DamagedPicture) as error:
        logger.warning("generation %s: its parent's picture: %s", generation.pk, error)
        return "", None


def new_name(generation: Generation) -> str:
    """A name for files that nobody can guess, without its ending."""
    month = timezone.now().strftime("%Y/%m")
    return f"{generation.team_id}/{month}/{secrets.token_urlsafe(24)}"


def _store_noted(path: Path, files: Mapping[str, bytes]) -> list[str]:
    """The same as `store`, so that what a crash leaves without a row is found again."""
    spool.note(path, files)
    try:
        return store(files)
    except OSError:
        # On a full disk the halves of files would make it fuller with each try.
        with suppress(OSError):
            _delete(files)
        raise


def _delete(names: Iterable[str]) -> None:
    for name in names:
        _pictures().delete(name)


def store(files: Mapping[str, bytes]) -> list[str]:
    """Store files of one folder so that they survive a power cut; gives the names they have.

    Raises OSError.
    """
    storage = _pictures()
    if not isinstance(storage, FileSystemStorage):
        # Not on this machine's disk: whoever takes them answers for them.
        return [storage.save(name, ContentFile(content)) for name, content in files.items()]
    folder = Path(storage.path(next(iter(files)))).parent
    new = [each.parent for each in (folder, *folder.parents) if not each.exists()]
    names = [storage.save(name, ContentFile(content)) for name, content in files.items()]
    spool.flush(*(Path(storage.path(name)) for name in names), folder, *new)
    return names


def _pictures() -> Storage:
    return storages["pictures"]
