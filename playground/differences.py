"""What differs between generations: their words, word for word, and their parameters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from .details import said
from .imagepig.endpoints import TABLE, all_parameters
from .models import Generation, Upstream

PROMPTS = ("positive_prompt", "negative_prompt")
SLIGHT = 0.3
"""Below this share of words in common, one prompt is another one, not a change of the first."""
LONGEST_CHIP = 40
PAIRS_MAXIMUM = 40_000
"""Pairs of equal words that are looked at: one word a thousand times would take ages."""

WORDS = re.compile(r"\s+|[\w'’-]+|[^\w\s]")


class Kind(StrEnum):
    KEPT = "kept"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some of a text. Kept and added ones make up the new text, kept and removed ones the old."""

    kind: Kind
    text: str


def word_pieces(before: str, after: str) -> list[Piece]:
    """How `after` came of `before`, word by word; nothing of either is lost, not even a space."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    pieces: list[Piece] = []
    for _, start, end, new_start, new_end in _steps(old, new):
        kept = old[start:end] == new[new_start:new_end]
        removed, added = "".join(old[start:end]), "".join(new[new_start:new_end])
        parts = [(Kind.KEPT, removed)] if kept else [(Kind.REMOVED, removed), (Kind.ADDED, added)]
        pieces += [Piece(kind, text) for kind, text in parts if text]
    return pieces


def _steps(old: list[str], new: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    counts = Counter(word for word in new if not word.isspace())
    pairs = sum(counts[word] for word in old)
    if pairs > PAIRS_MAXIMUM:
        return [("replace", 0, len(old), 0, len(new))]
    # Spaces are no words in common; they are kept where the words round them are.
    return SequenceMatcher(str.isspace, old, new, autojunk=False).get_opcodes()


def likeness(pieces: Sequence[Piece]) -> float:
    """The share of two texts' characters that they have in common, from 0 to 1."""
    kept = sum(len(each.text.strip()) for each in pieces if each.kind == Kind.KEPT)
    others = sum(len(each.text.strip()) for each in pieces if each.kind != Kind.KEPT)
    return 2 * kept / (2 * kept + others) if kept else 0.0


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was: "seed 42 → 43", "+ fog", "− rain"."""

    name: str
    """The API attribute that it is about; or endpoint, or upstream."""
    kind: str
    """ "changed", "added" or "removed"."""
    before: str
    after: str

    @property
    def text(self) -> str:
        """For eyes."""
        match self.kind:
            case "added":
                return f"{self._about}+ {self.after}"
            case "removed":
                return f"{self._about}− {self.before}"
            case _:
                return f"{self._about}{self.before} → {self.after}"

    @property
    def spoken(self) -> str:
        """For ears: no signs that are not read out."""
        match self.kind:
            case "added":
                return f"{self._about}added {self.after}"
            case "removed":
                return f"{self._about}removed {self.before}"
            case _:
                return f"{self._about}{self.before} became {self.after}"

    @property
    def _about(self) -> str:
        """What stands before values that do not say by themselves what they are."""
        if self.name in SAY_THEMSELVES:
            return ""
        parameter = all_parameters().get(self.name)
        return f"{parameter.label.lower() if parameter else self.name.replace('_', ' ')} "


SAY_THEMSELVES = ("positive_prompt", "upstream", "endpoint", "proportion", "format")


def changes(before: Generation, after: Generation) -> list[Change]:
    """What `after` asks for and `before` does not: words, then parameters, in the table's order."""
    found = [change for name in PROMPTS for change in _prompt_changes(name, before, after)]
    for name in ("upstream", "endpoint", *_other_names(before, after)):
        old, new = value_of(before, name), value_of(after, name)
        # What only one of two endpoints knows says nothing that their names do not.
        if old != new and ((old and new) or before.endpoint == after.endpoint):
            kind = "changed" if old and new else "added" if new else "removed"
            found.append(Change(name, kind, old, new))
    return found


def _prompt_changes(name: str, before: Generation, after: Generation) -> Iterator[Change]:
    old, new = (str(each.body.get(name, "")) for each in (before, after))
    if old == new:
        return
    pieces = word_pieces(old, new)
    if old and new and likeness(pieces) < SLIGHT:
        yield Change(name, "changed", _short(old), _short(new))
        return
    for kind, text in ((each.kind, _bare(each.text)) for each in pieces):
        if text and kind == Kind.ADDED:
            yield Change(name, "added", "", text)
        elif text and kind == Kind.REMOVED:
            yield Change(name, "removed", text, "")


def _bare(text: str) -> str:
    """Words without the commas round them, short enough for a chip."""
    return _short(text.strip(" \t\r\n,;."))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_CHIP else f"{text[: LONGEST_CHIP - 1].rstrip()}…"


def _other_names(*generations: Generation) -> list[str]:
    """Every parameter but the prompts: the table's, in its order, then what else was sent."""
    sent = [name for each in generations for name in each.body]
    names = dict.fromkeys((*all_parameters(), *sent))
    return [name for name in names if name not in PROMPTS]


def value_of(generation: Generation, name: str) -> str:
    """A parameter's value in words; "" where the endpoint has none of that name."""
    if name == "upstream":
        return Upstream(generation.upstream).label
    entry = TABLE.get(generation.endpoint)
    if name == "endpoint":
        return entry.label if entry else generation.endpoint
    if name == "seed":
        return generation.seed or generation.sent_seed
    parameter = entry.parameter(name) if entry else None
    if parameter is None:
        return str(generation.body.get(name, ""))
    value = generation.body.get(name, getattr(parameter, "default", None))
    return "" if value is None else said(parameter, value)


@dataclass(frozen=True)
class Row:
    """One line of a table of parameters: a value for each picture."""

    name: str
    label: str
    values: list[str]

    @property
    def differs(self) -> bool:
        return len(set(self.values)) > 1


def parameter_table(generations: Sequence[Generation]) -> list[Row]:
    """Every parameter but the prompts, with its value for each of the generations."""
    known = all_parameters()
    labels = {"upstream": "Made by", "endpoint": "Endpoint"}
    rows = []
    for name in ("upstream", "endpoint", *_other_names(*generations)):
        label = known[name].label if name in known else labels.get(name, name.replace("_", " "))
        rows.append(Row(name, label, [value_of(each, name) for each in generations]))
    return [row for row in rows if any(row.values)]
