"""The same request as code, to run anywhere: it yields the same picture.

One template a language and kind of answer stands in `sample_templates/`. The request travels as
JSON text with every digit of its seed, in Python as a dictionary. Whatever a prompt holds is
quoted by the language's own rules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .endpoints import Body, Endpoint

_TEMPLATES = Path(__file__).parent / "sample_templates"
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")

_WHY_NOT_THE_PACKAGE = """\
# Plain HTTP instead of the "imagepig" package: on this endpoint version 1.0.7 of the package sends
# the positive prompt as the negative one, so it would make another picture.
"""
_MIXED_UP_BY_THE_PACKAGE = ("default", "xl")


@dataclass(frozen=True, slots=True)
class Language:
    """A language that requests are shown in. `highlighted_as` is its name among highlighters."""

    key: str
    label: str
    highlighted_as: str
    quote: Callable[[str], str]
    """Text → a string literal of the language."""
    write_body: Callable[[Body], str]
    """A request's body → how the language's template holds it."""


def sample(language: str, endpoint: Endpoint, body: Body, *, base_url: str, file_name: str) -> str:
    """Write the request as code that saves the picture as `file_name`.

    `language` is a key of LANGUAGES, `body` a checked one (`Endpoint.request`). `base_url` is the
    API's address without the endpoint's path. The code takes the API key from the environment
    variable IMAGEPIG_API_KEY.
    """
    written = LANGUAGES[language]
    kind = "image_url" if body.get("storage_days") else "image_data"
    values = {
        "url": written.quote(f"{base_url.rstrip('/')}/{endpoint.path}"),
        "body": written.write_body(body),
        "file": written.quote(file_name),
        "package": _WHY_NOT_THE_PACKAGE if endpoint.key in _MIXED_UP_BY_THE_PACKAGE else "",
    }
    # In one pass: a prompt may hold what looks like a placeholder.
    return _PLACEHOLDER.sub(lambda match: values[match[1]], _template(language, kind))


@cache
def _template(language: str, kind: str) -> str:
    return (_TEMPLATES / f"{language}.{kind}.txt").read_text(encoding="utf-8")


def _escape(text: str, short: Mapping[str, str], code_point: Callable[[int], str]) -> str:
    """Escape what `short` names, and what can't be seen or reorders the text around it."""

    def one(character: str) -> str:
        if character in short:
            return short[character]
        return character if character.isprintable() else code_point(ord(character))

    return "".join(map(one, text))


_IN_DOUBLE_QUOTES = {'"': r"\"", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
_IN_SINGLE_QUOTES = {"'": r"\'", "\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


def _json_string(text: str) -> str:
    def code_point(number: int) -> str:
        # JSON writes what lies beyond 16 bits as two halves.
        halves = chr(number).encode("utf-16-be")
        return "".join(f"\\u{halves[at : at + 2].hex()}" for at in range(0, len(halves), 2))

    return f'"{_escape(text, _IN_DOUBLE_QUOTES, code_point)}"'


def _python_string(text: str) -> str:
    return '"' + _escape(text, _IN_DOUBLE_QUOTES, "\\U{:08x}".format) + '"'


def _javascript_string(text: str) -> str:
    return "'" + _escape(text, _IN_SINGLE_QUOTES, "\\u{{{:x}}}".format) + "'"


def _rust_string(text: str) -> str:
    return '"' + _escape(text, _IN_DOUBLE_QUOTES, "\\u{{{:x}}}".format) + '"'


def _shell_string(text: str) -> str:
    # Nothing is special between single quotes but the quote that ends them.
    return "'" + text.replace("'", r"'\''") + "'"


def _php_string(text: str) -> str:
    # Single quotes know two escapes only and take everything else as it stands.
    return "'" + text.replace("\\", r"\\").replace("'", r"\'") + "'"


def _lines(body: Body, string: Callable[[str], str], *, indent: str, comma: str) -> str:
    """A JSON object or a Python dictionary, an attribute a line."""
    pairs = [
        f"{indent}{string(name)}: {string(value) if isinstance(value, str) else value}"
        for name, value in body.items()
    ]
    return "{\n" + ",\n".join(pairs) + f"{comma}\n{indent[:-4]}}}"


def _json_text(body: Body) -> str:
    return _lines(body, _json_string, indent="  ", comma="")


def _python_body(body: Body) -> str:
    return _lines(body, _python_string, indent=" " * 8, comma=",")


def _javascript_body(body: Body) -> str:
    # Inside String.raw`…` nothing can be escaped, so JSON's own escapes keep out what would end
    # the literal, begin an expression in it, or close a script element around it.
    return _json_text(body).replace("`", r"\u0060").replace("${", r"\u0024{").replace("</", r"<\/")


def _rust_body(body: Body) -> str:
    text = _json_text(body)
    # One more # than any that follows a quote in the text.
    longest = max((len(each) for each in re.findall('"(#*)', text)), default=0)
    fence = "#" * (longest + 1)
    return f'r{fence}"{text}"{fence}'


LANGUAGES: dict[str, Language] = {
    language.key: language
    for language in (
        Language(
            "curl", "cURL", "bash", _shell_string, lambda body: _shell_string(_json_text(body))
        ),
        Language("python", "Python", "python", _python_string, _python_body),
        Language("javascript", "JavaScript", "javascript", _javascript_string, _javascript_body),
        Language("php", "PHP", "php", _php_string, _json_text),
        Language("rust", "Rust", "rust", _rust_string, _rust_body),
    )
}
"""Key → language, in the order people meet them."""
