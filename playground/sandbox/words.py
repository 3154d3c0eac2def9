"""From a prompt to what it names: scene, time, weather, colours, figures, style."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from . import vocabulary

# A prompt longer than this still counts as a whole, but is read for meaning only so far.
READ_CHARACTERS = 6000
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*", re.UNICODE)
NEGATIONS = frozenset({"no", "without", "not", "never", "except", "minus"})
# Between a colour and the thing it colours there may be one or two of these.
REACH = 3
MOST_FIGURES = 9


_SIGNS = str.maketrans({sign: f" {word} " for sign, word in vocabulary.SIGNS.items()})


@dataclass(frozen=True)
class Subject:
    """A figure the prompt names: how many, in which colour, wearing what."""

    name: str
    count: int = 1
    colour: str | None = None


@dataclass(frozen=True)
class Wish:
    """What a prompt and a negative prompt name, in the painter's own terms."""

    scenes: tuple[str, ...] = ()
    abstracts: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    weather: tuple[str, ...] = ()
    seasons: tuple[str, ...] = ()
    things: tuple[str, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    figures: tuple[Subject, ...] = ()
    wears: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()
    parts: dict[str, str] = field(default_factory=dict)
    tones: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    avoided: frozenset[str] = frozenset()
    avoided_colours: tuple[str, ...] = ()
    leftover: tuple[str, ...] = ()

    def has(self, *names: str) -> bool:
        """Whether any of these is wished for, and none of the avoiding takes it away."""
        wished = self.scenes + self.times + self.weather + self.seasons + self.things
        wished += self.tones + self.styles
        return any(name in wished and name not in self.avoided for name in names)

    def allows(self, *names: str) -> bool:
        """Whether the negative prompt leaves all of these alone."""
        return not any(name in self.avoided for name in names)

    def count(self, name: str, default: int) -> int:
        """How many of a thing the prompt asks for."""
        return self.counts.get(name, default)


@dataclass(frozen=True)
class Meaning:
    """One thing that a word names."""

    kind: str
    name: str


_KINDS = {
    "scene": vocabulary.SCENES,
    "abstract": vocabulary.ABSTRACTS,
    "time": vocabulary.TIMES,
    "weather": vocabulary.WEATHERS,
    "season": vocabulary.SEASONS,
    "thing": vocabulary.THINGS,
    "figure": vocabulary.FIGURES,
    "wear": vocabulary.WEARS,
    "colour": vocabulary.COLOURS,
    "tone": vocabulary.TONES,
    "style": vocabulary.STYLES,
    "part": vocabulary.PARTS,
}


@lru_cache(maxsize=1)
def _dictionary() -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, list[Meaning]] = {}
    for kind, names in _KINDS.items():
        for name, synonyms in names.items():
            for word in [name, *synonyms.split()]:
                meaning = Meaning(kind, name)
                if meaning not in found.setdefault(word, []):
                    found[word].append(meaning)
    return {word: tuple(meanings) for word, meanings in found.items()}


def _forms(word: str) -> Iterator[str]:
    """The word, then what it may be an inflection of."""
    yield word
    for ending, replacement in (
        ("'s", ""),
        ("’s", ""),
        ("ies", "y"),
        ("es", ""),
        ("es", "e"),
        ("s", ""),
        ("ish", ""),
        ("ish", "e"),
        ("ing", ""),
        ("ing", "e"),
        ("ed", ""),
        ("ed", "e"),
        ("y", ""),
        ("y", "e"),
        ("s", "y"),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            stem = word[: -len(ending)] + replacement
            yield stem
            if len(stem) > 3 and stem[-1] == stem[-2]:
                yield stem[:-1]


@lru_cache(maxsize=4096)
def meanings(word: str) -> tuple[Meaning, ...]:
    """Everything a word names; empty for a word the painter doesn't know."""
    known = _dictionary()
    for form in _forms(word):
        if form in known:
            return known[form]
    if "-" in word:
        return tuple(meaning for part in word.split("-") for meaning in meanings(part))
    return ()


def tokens(text: str) -> list[str]:
    """The words of a prompt in plain small letters, set phrases joined into one word."""
    plain = unicodedata.normalize("NFKD", text[:READ_CHARACTERS]).casefold()
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    plain = re.sub(r"\s+", " ", plain.translate(_SIGNS))
    for phrase, word in vocabulary.PHRASES.items():
        if phrase in plain:
            plain = re.sub(rf"(?<!\w){re.escape(phrase)}(?=s?\b)", word, plain)
    return [match.group() for match in WORD.finditer(plain)]


class _Reader:
    """Collects what the words name, in the order in which they name it."""

    def __init__(self) -> None:
        self.kinds: dict[str, list[str]] = {kind: [] for kind in _KINDS}
        self.counts: dict[str, int] = {}
        self.parts: dict[str, str] = {}
        self.figure_colours: dict[str, str] = {}
        self.negated: list[str] = []
        self.leftover: list[str] = []
        self.titled: str | None = None
        self._colour: str | None = None
        self._colour_age = 0
        self._number: int | None = None
        self._negating = 0

    def read(self, words: list[str]) -> None:
        for word in words:
            self._word(word)
        self._drop_colour()
        if self.titled and not self.kinds["figure"]:
            self.kinds["figure"].append(self.titled)

    def _word(self, word: str) -> None:
        if word in NEGATIONS:
            self._negating = 2
            return
        number = self._numeral(word)
        if number is not None:
            self._number = number
            return
        named = meanings(word)
        if self._negating:
            self._negating -= 1
            self.negated.append(word)
            if named:
                self._negating = 0
            return
        self._age()
        if not named:
            if word not in vocabulary.FILLERS:
                self.leftover.append(word)
            return
        self._take(word, named)

    @staticmethod
    def _numeral(word: str) -> int | None:
        if word.isdecimal() and len(word) < 4:
            return max(1, int(word))
        return vocabulary.NUMBERS.get(word)

    def _take(self, word: str, named: tuple[Meaning, ...]) -> None:
        names = {meaning.kind: meaning.name for meaning in named}
        self._take_colour(names)
        for meaning in named:
            if meaning.name in ("person", "man") and ("wear" in names or "scene" in names):
                # A wizard, or whom a portrait shows, is somebody only where nobody else is named.
                self.titled = meaning.name
                continue
            kind = self.kinds[meaning.kind]
            if meaning.kind not in ("colour", "part") and meaning.name not in kind:
                kind.append(meaning.name)
        plural = 3 if word.endswith("s") and not word.endswith("ss") else 1
        counted = [names[kind] for kind in ("figure", "thing") if kind in names]
        for name in counted:
            self.counts.setdefault(name, self._number or plural)
        if counted:
            self._number = None

    def _take_colour(self, names: dict[str, str]) -> None:
        if "colour" in names and "figure" not in names:
            self._drop_colour()
            self._colour, self._colour_age = names["colour"], 0
        elif self._colour and "figure" in names:
            self.figure_colours.setdefault(names["figure"], self._colour)
            self._colour = None
        elif self._colour and "wear" in names:
            self.parts.setdefault("wear", self._colour)
            self._colour = None
        elif self._colour and "part" in names:
            self.parts.setdefault(names["part"], self._colour)
            self._colour = None

    def _age(self) -> None:
        self._colour_age += 1
        if self._colour_age > REACH:
            self._drop_colour()

    def _drop_colour(self) -> None:
        """A colour that belongs to nothing in particular belongs to the whole picture."""
        if self._colour and self._colour not in self.kinds["colour"]:
            self.kinds["colour"].append(self._colour)
        self._colour = None


def _with_kin(names: list[str]) -> frozenset[str]:
    """Whoever wants no trees wants no birches."""
    return frozenset(names).union(*(vocabulary.KIN.get(name, "").split() for name in names))


def _avoid(words: list[str]) -> tuple[frozenset[str], tuple[str, ...], list[str]]:
    names: list[str] = []
    colours: list[str] = []
    unknown: list[str] = []
    for word in words:
        named = meanings(word)
        if not named and word not in vocabulary.FILLERS and word not in NEGATIONS:
            unknown.append(word)
        for meaning in named:
            if meaning.kind == "colour":
                if meaning.name not in colours:
                    colours.append(meaning.name)
            elif meaning.kind != "part":
                names.append(meaning.name)
        if word.rstrip("s") in ("colour", "color"):
            colours.append("colour")
    return _with_kin(names), tuple(colours), unknown


def read(positive_prompt: str, negative_prompt: str) -> Wish:
    """What the two prompts name. Understands no grammar, only words and their neighbours."""
    reader = _Reader()
    reader.read(tokens(positive_prompt))
    avoided, avoided_colours, unknown = _avoid([*reader.negated, *tokens(negative_prompt)])

    def kept(kind: str) -> tuple[str, ...]:
        return tuple(name for name in reader.kinds[kind] if name not in avoided)

    figures = tuple(
        Subject(
            name,
            min(MOST_FIGURES, reader.counts.get(name, 1)),
            _allowed(reader.figure_colours.get(name), avoided_colours),
        )
        for name in kept("figure")
    )
    return Wish(
        scenes=kept("scene"),
        abstracts=kept("abstract"),
        times=kept("time"),
        weather=kept("weather"),
        seasons=kept("season"),
        things=kept("thing"),
        counts=reader.counts,
        figures=figures,
        wears=kept("wear"),
        colours=tuple(name for name in reader.kinds["colour"] if name not in avoided_colours),
        parts={part: name for part, name in reader.parts.items() if name not in avoided_colours},
        tones=kept("tone"),
        styles=kept("style"),
        avoided=avoided,
        avoided_colours=avoided_colours,
        leftover=(*reader.leftover, "|", *unknown),
    )


def _allowed(colour: str | None, avoided: tuple[str, ...]) -> str | None:
    return None if colour in avoided else colour
