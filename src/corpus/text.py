"""The text of record and stretches of it: normal form, fingerprints, where words stand. Knows no file and no annotation.

Every offset is a count of Unicode code points; Python's own `text[start:end]` is the definition.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator

_NEWLINES = re.compile("\r\n?")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
JOINING = "-'’.,"  # between two word characters they make one token of them
_TOKEN = re.compile(rf"\w+(?:[{JOINING}]\w+)*|[^\w\s]")


def normal_form(text: str) -> str:
    r"""The form in which a text is recorded, once: NFC, LF line ends, no blank at either end.

    >>> normal_form("\r\nCafe\u0301 closed.\r\n")
    'Café closed.'
    """
    lines = _NEWLINES.sub("\n", text) if "\r" in text else text
    return unicodedata.normalize("NFC", lines).strip()


def sha256(text: str) -> str:
    """Hex SHA-256 of the UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def slice_check(text: str, start: int, end: int) -> str:
    """First 12 hex digits of the SHA-256 of `text[start:end]`, in code points.

    >>> slice_check("😀 test", 2, 6)
    '9f86d081884c'
    """
    return sha256(text[start:end])[:12]


def stands_at(text: str, quote: str, *, most: int = 3) -> list[tuple[int, int]]:
    """The first places where the quote stands, as (start, end) in code points.

    >>> stands_at("who denied it denied it", "it")
    [(11, 13), (21, 23)]
    """
    places: list[tuple[int, int]] = []
    at = text.find(quote) if quote else -1
    while at >= 0 and len(places) < most:
        places.append((at, at + len(quote)))
        at = text.find(quote, at + 1)
    return places


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without blanks at its edges; an all-blank stretch becomes empty at its end.

    >>> trimmed("the mayor said", 3, 10)
    (4, 9)
    """
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def folded(words: str) -> str:
    r"""Words as two programs can be expected to agree on them: every run of blanks, line ends or literal `\n` is one blank.

    Label Studio shows a line end inside a span as the two characters backslash and n.
    """
    return re.sub(r"(?:\s|\\n)+", " ", words).strip()


def tokens(text: str) -> list[tuple[int, int]]:
    """Words and single signs as (start, end) in code points.

    >>> [text[s:e] for text in ["It's 3.5 %."] for s, e in tokens(text)]
    ["It's", '3.5', '%', '.']
    """
    return [match.span() for match in _TOKEN.finditer(text)]


def word_runs(text: str, *, length: int) -> Iterator[tuple[str, ...]]:
    """Every run of that many consecutive words, in lower case, signs left out."""
    words = list(map(str.lower, _WORD.findall(text)))
    return zip(*(words[at:] for at in range(length)), strict=False)
