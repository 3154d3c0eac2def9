"""Words to look for: how they are read, and how each database is asked for them.

Both look in an index of words that holds the pictures in the gallery and each one's team.
`search_index.py` makes it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField, Q
from django.db.models.expressions import RawSQL

LONGEST = 200
"""Characters that are read of a search."""
MOST_TERMS = 16

ROWIDS = "SELECT rowid FROM playground_search WHERE playground_search MATCH %s"
"""SQLite's ids of what matches."""
MATCHES = "playground_generation.search @@ (%s::tsquery && to_tsquery('simple', %s))"
"""PostgreSQL's condition."""

_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_NO_WORD = re.compile("[^0-9A-Za-z\u0080-\U0010ffff]+")
_MARKS = re.compile("[\u0300-\u036f]+")


@dataclass(frozen=True)
class Term:
    """Words in a row. `prefix`: the last one may go on. `excluded`: pictures that have it, out."""

    words: tuple[str, ...]
    prefix: bool = False
    excluded: bool = False


def read_terms(text: str) -> list[Term]:
    """What a person looks for: words, "quoted phrases", -words to leave out, beginnings*.

    The last word of all counts as a beginning, since it may not be written to its end. Of anything
    that holds no word nothing remains.
    """
    text = text[:LONGEST]
    found = list(_TERM.finditer(text))[:MOST_TERMS]
    terms: list[Term] = []
    for each in found:
        phrase, excluded = each["phrase"], bool(each["minus"])
        written = phrase if phrase is not None else each["word"]
        words = _words(written)
        if words:
            last = each is found[-1] and phrase is None and not excluded
            prefix = last or (phrase is None and written.endswith("*"))
            terms.append(Term(words, prefix=prefix, excluded=excluded))
    return terms


def _words(written: str) -> tuple[str, ...]:
    """The words in a piece of text, without accents, as both indexes keep them."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", written))
    return tuple(each for each in _NO_WORD.sub(" ", bare).split() if any(map(_counts, each)))


def _counts(character: str) -> bool:
    """Whether the index's tokenizers take a character for a part of a word."""
    return unicodedata.category(character)[0] in "LN"


def matching(terms: Iterable[Term], team_id: int) -> Q:
    """The condition that the team's picture is in the gallery and has the words."""
    if connection.vendor == "postgresql":
        return Q(state="saved", deleted_at=None) & Q(
            RawSQL(  # noqa: S611 (the words are parameters)
                MATCHES,
                tsquery(terms, team_id),
                output_field=BooleanField(),
            )
        )
    return Q(pk__in=RawSQL(ROWIDS, [match(terms, team_id)]))  # noqa: S611 (a constant)


def match(terms: Iterable[Term], team_id: int) -> str:
    """The terms in FTS5's language. The team is a word of its own column: each row has it."""
    written = f'team : "{team_id}"'
    for term in terms:
        operator = "NOT" if term.excluded else "AND"
        words = " ".join(term.words).replace('"', " ")
        star = " *" if term.prefix else ""
        written = f'({written}) {operator} ({{positive_prompt negative_prompt}} : "{words}"{star})'
    return written


def tsquery(terms: Iterable[Term], team_id: int) -> list[str]:
    """PostgreSQL's parameters: the team, which no word of a prompt can be, and the terms."""
    written = []
    for term in terms:
        phrase = " <-> ".join(map(_quoted, term.words)) + (":*" if term.prefix else "")
        written.append(f"!({phrase})" if term.excluded else f"({phrase})")
    return [f"' {team_id}'", " & ".join(written)]


def _quoted(word: str) -> str:
    return "'" + word.replace("\\", " ").replace("'", " ") + "'"
