"""What each fault means, in words that are true of it: for cards, pages and mails.

A fault's letter is its promise about the money: A never sent, B nobody can tell, C refused,
D answered without a usable picture; "" for what only makes a generation wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from .imagepig.errors import Fault


class Reason(StrEnum):
    """Why a generation waits or how it ended, beyond what a call itself can come to (`Fault`)."""

    # Waiting
    KEY_PAUSED = "key_paused"
    QUEUE_AWAY = "queue_away"
    PAUSED = "paused"
    """Somebody has paused its experiment."""
    NOT_SAVED_YET = "not_saved_yet"
    """The answer is kept, and saving its picture is tried again."""

    # Never sent
    NO_KEY = "no_key"
    KEY_UNREADABLE = "key_unreadable"
    ENDPOINT_GONE = "endpoint_gone"
    DISK_FULL = "disk_full"

    # Nobody can tell
    INTERRUPTED = "interrupted"
    """The worker ended between sending and receiving."""
    ANSWER_LOST = "answer_lost"
    """The answer's file was gone before its picture was saved."""
    RESTORED = "restored"
    """It waited in a backup, and may have been sent after the backup was made."""

    # Unusable
    PICTURE_GONE = "picture_gone"
    """A hosted picture never appeared while it was to be kept."""

    # Saved
    NO_SEED = "no_seed"


class Action(StrEnum):
    """What a card offers beside the words."""

    TRY_AGAIN = "try_again"
    GENERATE_AGAIN = "generate_again"
    CHECK_KEY = "check_key"
    DOWNLOAD_ANSWER = "download_answer"


@dataclass(frozen=True, slots=True)
class Wording:
    """One fault in words. `text` may be followed by the API's own words (`Generation.said`)."""

    letter: str
    title: str
    text: str
    actions: tuple[Action, ...]
    again_label: str
    """What the button that sends the same request again says."""
    again: bool = False
    """Whether it is tried again by itself, at its time (`Generation.not_before`)."""

    @property
    def may_retry(self) -> bool:
        return Action.TRY_AGAIN in self.actions or Action.GENERATE_AGAIN in self.actions

    @property
    def may_have_counted(self) -> bool:
        """Whether sending it again may cost its calls a second time."""
        return self.letter in ("B", "D")


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    text: str
    sandbox: str = ""
    """Instead of `text`, where the fault reads differently in the sandbox."""
    actions: tuple[Action, ...] | None = None
    """None: those of the letter."""
    again: bool = False


_ACTIONS: dict[str, tuple[Action, ...]] = {
    "": (),
    "A": (Action.TRY_AGAIN,),
    "B": (Action.GENERATE_AGAIN,),
    "C": (),
    "D": (Action.DOWNLOAD_ANSWER, Action.GENERATE_AGAIN),
}

_LETTERS = {"not_sent": "A", "unknown": "B", "refused": "C", "unusable": "D"}

_COST_NOTHING = "Nothing was sent, so this cost you nothing."
_UNREACHED = f"We couldn’t reach {{api}}. {_COST_NOTHING}"
_UNREACHED_SANDBOX = "We couldn’t reach the sandbox. Nothing was drawn."
_BROKEN = (
    "The connection broke after we sent your request. {api} may have counted it, so we did not "
    "send it again."
)
_BROKEN_SANDBOX = "The sandbox did not finish. Nothing was counted."
_KEPT = "The call may have counted. We kept the answer."
_WAITING_TO_REACH = _Words(
    "Trying again", "We couldn’t reach {api}. Nothing was sent yet.", again=True
)

_QUEUED: Mapping[str, _Words] = {
    Fault.BUSY: _Words("Busy", "{api} is busy and has not begun.", again=True),
    Reason.KEY_PAUSED: _Words(
        "Waiting for your API key",
        "Image Pig did not accept the team’s API key. This picture waits, unsent, until somebody "
        "has looked after the key.",
        actions=(Action.CHECK_KEY,),
    ),
    Reason.PAUSED: _Words("Paused", "It waits, unsent, until somebody lets the experiment go on."),
    Reason.QUEUE_AWAY: _Words(
        "Waiting for the queue",
        "The part that makes the pictures does not answer at the moment. Nothing is lost: this "
        "one starts as soon as it is back.",
    ),
}

_RECEIVED: Mapping[str, _Words] = {
    Fault.PICTURE_NOT_READY: _Words(
        "Fetching the picture", "The picture is ready at {api}; we are fetching it.", again=True
    ),
    Reason.NOT_SAVED_YET: _Words(
        "Saving is taking longer",
        "The answer is here and kept safe, but the picture could not be saved yet.",
        again=True,
    ),
}

_NOT_SENT: Mapping[str, _Words] = {
    Fault.NAME_NOT_FOUND: _Words("Couldn’t reach {api}", _UNREACHED, _UNREACHED_SANDBOX),
    Fault.CONNECTION_REFUSED: _Words("Couldn’t reach {api}", _UNREACHED, _UNREACHED_SANDBOX),
    Fault.CONNECT_TIMEOUT: _Words("Couldn’t reach {api}", _UNREACHED, _UNREACHED_SANDBOX),
    Fault.UNREACHABLE: _Words("Couldn’t reach {api}", _UNREACHED, _UNREACHED_SANDBOX),
    Fault.NO_FREE_CONNECTION: _Words(
        "Too much at once",
        f"Too many pictures were being made at once. {_COST_NOTHING}",
        "Too many pictures were being made at once. Nothing was drawn.",
    ),
    Fault.TLS: _Words(
        "No safe connection",
        f"{{api}} could not prove who it is, so we did not connect. {_COST_NOTHING} The "
        "administrator of this site was told.",
        _UNREACHED_SANDBOX,
    ),
    Fault.UNSENDABLE: _Words(
        "Could not be sent",
        f"The request or the API key holds a character that cannot be sent. {_COST_NOTHING}",
        "The request holds a character that cannot be sent. Nothing was drawn.",
    ),
    Reason.NO_KEY: _Words(
        "No API key",
        f"The team’s API key was removed before this was sent. {_COST_NOTHING}",
        actions=(Action.CHECK_KEY, Action.TRY_AGAIN),
    ),
    Reason.KEY_UNREADABLE: _Words(
        "API key cannot be read",
        f"The stored API key cannot be read any more. Please enter it again. {_COST_NOTHING}",
        actions=(Action.CHECK_KEY, Action.TRY_AGAIN),
    ),
    Reason.ENDPOINT_GONE: _Words(
        "No longer offered",
        f"This kind of picture is no longer offered. {_COST_NOTHING}",
        "This kind of picture is no longer offered.",
        actions=(),
    ),
    Reason.DISK_FULL: _Words(
        "No room for the picture",
        f"There is no room left here to keep a picture, so we did not ask for one. {_COST_NOTHING} "
        "Please tell the administrator of this site.",
        "There is no room left here to keep a picture. Please tell the administrator of this site.",
    ),
}

_UNKNOWN: Mapping[str, _Words] = {
    Fault.READ_TIMEOUT: _Words(
        "No answer",
        "We sent your request, but no answer came in time. {api} may have counted it, so we did "
        "not send it again.",
        "The sandbox took too long. Nothing was counted.",
    ),
    Fault.DEADLINE: _Words(
        "The answer took too long",
        "The answer had begun but did not arrive whole in time. {api} may have counted the call, "
        "so we did not send it again.",
        "The sandbox took too long. Nothing was counted.",
    ),
    Fault.CONNECTION_BROKEN: _Words("The connection broke", _BROKEN, _BROKEN_SANDBOX),
    Fault.SERVER_ERROR: _Words(
        "{api} had a problem",
        "{api} had a problem of its own after we sent your request. It may have counted the call, "
        "so we did not send it again.",
        "The sandbox had a problem of its own. Nothing was counted.",
    ),
    Reason.INTERRUPTED: _Words(
        "Interrupted",
        "This site was interrupted after it began to send your request. {api} may have counted "
        "it, so we did not send it again.",
        "This site was interrupted while the sandbox was drawing. Nothing was counted.",
    ),
    Reason.ANSWER_LOST: _Words(
        "The answer is missing",
        "{api} answered, but its answer is missing here before the picture was saved. The call "
        "may have counted. Please tell the administrator of this site.",
        "The answer is missing here before the picture was saved. Nothing was counted.",
    ),
    Reason.RESTORED: _Words(
        "Restored from a backup",
        "This was waiting when the backup was made that this gallery was restored from. It may "
        "have been sent after that, and {api} may have counted it, so we did not send it again.",
        "This was waiting when the backup was made that this gallery was restored from.",
    ),
}

_REFUSED: Mapping[str, _Words] = {
    Fault.INVALID_REQUEST: _Words("{api} said no", "{api} did not take this request."),
    Fault.INVALID_KEY: _Words(
        "API key not accepted",
        "{api} did not accept the team’s API key. The team’s other pictures wait until somebody "
        "has looked after it.",
        actions=(Action.CHECK_KEY, Action.TRY_AGAIN),
    ),
    Fault.NEEDS_CREDIT: _Words(
        "Needs credit",
        "{api} says that the account needs credit. The team’s other pictures wait until somebody "
        "has looked after it.",
        actions=(Action.CHECK_KEY, Action.TRY_AGAIN),
    ),
    Fault.FORBIDDEN: _Words(
        "{api} said no",
        "{api} does not allow this with your account. Perhaps it is not part of your plan: storage "
        "days, for instance, are part of some plans only.",
        "{api} does not allow this.",
    ),
    Fault.WRONG_ADDRESS: _Words(
        "Wrong address",
        "The address of {api} looks wrong. This is for the administrator of this site, who was "
        "told.",
        actions=(Action.TRY_AGAIN,),
    ),
    Fault.BUSY: _Words(
        "{api} stayed busy",
        "{api} was busy each time we asked, and never began. Please try again later.",
        actions=(Action.TRY_AGAIN,),
    ),
}

_DAMAGED = _Words(
    "The picture was damaged",
    f"{{api}} answered, but the picture was damaged. {_KEPT}",
    "The sandbox answered, but the picture was damaged. We kept the answer.",
)
_NO_PICTURE = _Words(
    "No picture in the answer",
    f"{{api}} answered, but there was no picture in the answer. {_KEPT}",
    "The sandbox answered, but there was no picture in the answer. We kept the answer.",
)
_UNUSABLE: Mapping[str, _Words] = {
    Fault.NOT_JSON: _Words(
        "The answer made no sense",
        f"{{api}} answered, but not in a form that can be read. {_KEPT}",
        "The sandbox answered, but not in a form that can be read. We kept the answer.",
    ),
    Fault.NO_IMAGE: _NO_PICTURE,
    Fault.BAD_BASE64: _DAMAGED,
    Fault.DAMAGED_IMAGE: _DAMAGED,
    Fault.UNSUPPORTED_IMAGE: _Words(
        "Not a picture we know",
        f"{{api}} answered, but with something that is no JPEG, PNG or WebP picture. {_KEPT}",
        "The sandbox answered with something that is no JPEG, PNG or WebP picture. "
        "We kept the answer.",
    ),
    Fault.IMAGE_TOO_BIG: _Words(
        "The picture is too big",
        f"{{api}} answered, but with more pixels than can safely be opened. {_KEPT}",
        "The sandbox answered with more pixels than can safely be opened. We kept the answer.",
    ),
    Fault.TOO_LARGE: _Words(
        "The answer is too large",
        "{api}’s answer went on beyond 64 MB, so we stopped reading. The call may have counted. "
        "An answer of that size is not kept.",
        "The sandbox’s answer went on beyond 64 MB, so we stopped reading.",
        actions=(Action.GENERATE_AGAIN,),
    ),
    Fault.BAD_IMAGE_URL: _Words(
        "No usable address",
        f"{{api}} answered, but the picture’s address cannot be used. {_KEPT}",
        "The sandbox answered, but the picture’s address cannot be used. We kept the answer.",
    ),
    Fault.FORBIDDEN_ADDRESS: _Words(
        "No usable address",
        f"{{api}} answered, but the picture’s address leads into a private network, where we do "
        f"not go. {_KEPT}",
        "The sandbox answered, but the picture’s address leads into a private network, where we "
        "do not go. We kept the answer.",
    ),
    Reason.PICTURE_GONE: _Words(
        "The picture never appeared",
        "{api} answered with an address, but the picture could not be fetched from it for as long "
        f"as it was to be kept there. {_KEPT}",
        "The picture could not be fetched from its address for as long as it was to be kept there. "
        "We kept the answer.",
    ),
}

_BY_STATE: Mapping[str, Mapping[str, _Words]] = {
    "queued": _QUEUED,
    "received": _RECEIVED,
    "not_sent": _NOT_SENT,
    "unknown": _UNKNOWN,
    "refused": _REFUSED,
    "unusable": _UNUSABLE,
}

_OTHER: Mapping[str, _Words] = {
    "queued": _WAITING_TO_REACH,
    "received": _RECEIVED[Reason.NOT_SAVED_YET],
    "not_sent": _NOT_SENT[Fault.UNREACHABLE],
    "unknown": _UNKNOWN[Fault.CONNECTION_BROKEN],
    "refused": _REFUSED[Fault.INVALID_REQUEST],
    "unusable": _UNUSABLE[Fault.NOT_JSON],
}
"""Words for a record whose fault this version does not know."""


def wording(
    state: str, fault: str, upstream: str, *, kept: bool = True, calls: int = 1
) -> Wording | None:
    """The words for a generation in this state with this fault; None where all is well.

    `kept` says whether there is an answer to download, `calls` what sending it again counts as.
    """
    if not fault or state not in _BY_STATE:
        return None
    words = _BY_STATE[state].get(fault, _OTHER[state])
    in_sandbox = upstream == "sandbox"
    letter = _LETTERS.get(state, "")
    actions = _ACTIONS[letter] if words.actions is None else words.actions
    text = words.sandbox if in_sandbox and words.sandbox else words.text
    unkept = () if kept else (Action.DOWNLOAD_ANSWER,)
    return Wording(
        letter=letter,
        title=_of(words.title, in_sandbox),
        text=_of(text, in_sandbox),
        actions=tuple(action for action in actions if action not in unkept),
        again_label=_again_label(letter, in_sandbox, calls),
        again=words.again,
    )


def _of(template: str, in_sandbox: bool) -> str:
    text = template.format(api="the sandbox" if in_sandbox else "Image Pig")
    return text[:1].upper() + text[1:]


def _again_label(letter: str, in_sandbox: bool, calls: int) -> str:
    if letter in ("A", "C"):
        return "Try again"
    many = "call" if calls == 1 else f"{calls} calls"
    return "Generate again" if in_sandbox else f"Generate again (may cost another {many})"
