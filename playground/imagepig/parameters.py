"""The kinds of request attribute that the API documents, each with its own check.

A parameter reads two sorts of value by one rule: what arrives as JSON (`check`) and what somebody
typed (`parse`, text in, value out, then the same `check`).
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

SEED_MAXIMUM = 2**64 - 1

# NUL, which databases refuse, and halves of surrogate pairs, which no encoding can write. JSON can
# hold both.
_UNSENDABLE = re.compile("[\x00\ud800-\udfff]")


class InvalidValue(ValueError):
    """What is wrong with one value, in words for the person who typed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One request attribute. `name` is the API's own; `label` and `help` are for people."""

    name: str
    label: str
    help: str
    required: bool = False
    seldom: bool = False
    """Whether forms may keep it out of the way of those who do not look for it."""

    def parse(self, text: str) -> str | int:
        """Turn typed text into a value. Raises InvalidValue."""
        raise NotImplementedError

    def check(self, value: object) -> str | int:
        """Return the value if the API takes it. Raises InvalidValue."""
        raise NotImplementedError

    @property
    def absent(self) -> str | int | None:
        """The value that says nothing: a request leaves it out. None: it is always sent."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Parameter):
    """Free text, at most `max_length` characters."""

    max_length: int

    def parse(self, text: str) -> str:
        # Browsers send a text area's line breaks as two characters.
        return self.check(text.replace("\r\n", "\n").strip())

    def check(self, value: object) -> str:
        if not isinstance(value, str):
            raise InvalidValue("This has to be text.")
        if self.required and not value.strip():
            raise InvalidValue("Say what you want to see.")
        if len(value) > self.max_length:
            raise InvalidValue(
                f"This is {len(value):,} characters long; "
                f"at most {self.max_length:,} fit. Please shorten it."
            )
        if _UNSENDABLE.search(value):
            raise InvalidValue("This holds a character that cannot be sent.")
        return value

    @property
    def absent(self) -> str | None:
        return None if self.required else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One value of a Choice, with what people read for it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Parameter):
    """One of a few words; `default` is what the API takes when it is not told."""

    options: tuple[Option, ...]
    default: str

    def parse(self, text: str) -> str:
        return self.check(text.strip() or self.default)

    def check(self, value: object) -> str:
        values = [option.value for option in self.options]
        if not isinstance(value, str) or value not in values:
            raise InvalidValue(f"Choose one of: {', '.join(values)}.")
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeNumber(Parameter):
    """A whole number from `minimum` to `maximum`, exact to the last digit."""

    minimum: int = 0
    maximum: int
    default: int | None = None
    """What the API takes when it is not told; None where it draws a random one."""

    def parse(self, text: str) -> int:
        text = text.strip()
        if not text and self.default is not None:
            return self.default
        # `int()` takes more than people mean by a number: "1_000", "٣", "+5".
        if not (text.isascii() and text.isdecimal()) or len(text) > 40:
            raise InvalidValue(f"Enter a whole number from {self.minimum} to {self.maximum}.")
        return self.check(int(text))

    def check(self, value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise InvalidValue("This has to be a whole number.")
        if not self.minimum <= value <= self.maximum:
            raise InvalidValue(f"Enter a whole number from {self.minimum} to {self.maximum}.")
        return value

    @property
    def absent(self) -> int | None:
        return self.default


def draw_seed() -> int:
    """Draw a random seed here, so that even a call whose answer is lost can be made again."""
    return secrets.randbelow(SEED_MAXIMUM + 1)
