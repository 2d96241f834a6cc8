"""The text of a file in normal form, and where its offsets stand then. Knows no format.

The normal form (NFC, LF, no blank at either end) may move offsets; a span is moved with it and never guessed.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus import codec, text
from corpus.problems import CorpusError


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """A text in normal form and, by cluster of code points, where the words of the file went; no clusters where nothing moved."""

    text: str
    length: int  # of the words as they came
    before: tuple[int, ...] = ()  # where each cluster starts in the words as they came
    after: tuple[int, ...] = ()  # and in the normal form, before the blanks at the start are taken off
    shift: int = 0

    @property
    def moved(self) -> bool:
        """Whether any offset differs."""
        return bool(self.before) or self.shift > 0

    def place(self, start: int, end: int) -> tuple[int, int]:
        """A stretch of the words as they came, in the normal form; what falls within a changed cluster takes all of it.

        >>> placed("  Cafe\u0301 closed").place(7, 14)
        (4, 11)
        """
        if not 0 <= start <= end <= self.length:
            raise CorpusError(f"{start}-{end} lies outside a text of {self.length} code points")
        first, last = self._at(start, up=False) - self.shift, self._at(end, up=True) - self.shift
        return min(max(first, 0), len(self.text)), min(max(last, 0), len(self.text))

    def places(self, stretches: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
        """Several stretches."""
        return tuple(self.place(*one) for one in stretches)

    def _at(self, offset: int, *, up: bool) -> int:
        if not self.before:
            return offset
        if up:
            return self.after[bisect_left(self.before, offset)]
        return self.after[bisect_right(self.before, offset) - 1]


def placed(words: str) -> Placing:
    r"""The normal form of words as they came.

    >>> placed("The dam.\n").moved, placed("\nThe dam.").shift
    (False, 1)
    """
    whole = text.normal_form(words)
    if words.startswith(whole):
        return Placing(text=whole, length=len(words))
    if not unicodedata.is_normalized("NFC", words) or "\r" in words:
        clusters = [*_clusters(words)]
        made = [*map(_normal, clusters)]
        joined = "".join(made)
        if joined.strip() != whole:
            raise CorpusError("the text cannot be brought into normal form (NFC, LF) piece by piece, so its offsets would not hold")
        before, after = _starts(clusters), _starts(made)
        return Placing(text=whole, length=len(words), before=before, after=after, shift=len(joined) - len(joined.lstrip()))
    return Placing(text=whole, length=len(words), shift=len(words) - len(words.lstrip()))


def decoded(data: bytes, name: str, *, largest: int | None = codec.LARGEST_FILE) -> str:
    """The words of a text file as it came, strictly UTF-8."""
    words, problems = codec.read_text(data, name, largest=largest)
    if words is None:
        raise CorpusError(f"{name} is not taken: {problems[0].message}")
    return words


def _clusters(words: str) -> Iterator[str]:
    """Stretches that the normal form changes each for itself: a line end, or a sign with all that may compose with it."""
    held = ""
    for sign in words:
        joins = held == "\r" and sign == "\n" if "\r" in (held[-1:], sign) else _composes(held, sign)
        if held and not joins:
            yield held
            held = ""
        held += sign
    if held:
        yield held


def _composes(held: str, sign: str) -> bool:
    return unicodedata.combining(sign) != 0 or (
        sign > "\u10ff" and len(unicodedata.normalize("NFC", held + sign)) < len(unicodedata.normalize("NFC", held)) + 1
    )


def _normal(cluster: str) -> str:
    return unicodedata.normalize("NFC", "\n" if cluster in ("\r\n", "\r") else cluster)


def _starts(pieces: Iterable[str]) -> tuple[int, ...]:
    found = [0]
    for piece in pieces:
        found.append(found[-1] + len(piece))
    return tuple(found)
