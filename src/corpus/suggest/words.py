"""A parsed text as plain words, each with its place in code points and its head. Knows no parser and no rule of the scheme."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

Stretch = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A token: "denied" from 12 to 18, lemma "deny", part of speech "VERB", its relation "ROOT" to the word at `head`."""

    start: int
    end: int
    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    entity: str
    sentence: int


@dataclass(frozen=True, kw_only=True)
class Parse:
    """The words of a text in order; words are named by their index."""

    text: str
    words: tuple[Word, ...]

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Of each word those that hang on it, in order."""
        found: list[list[int]] = [[] for _ in self.words]
        for at, word in enumerate(self.words):
            if word.head != at:
                found[word.head].append(at)
        return tuple(map(tuple, found))

    def those(self, at: int, *deps: str) -> list[int]:
        """The children of a word with one of these relations."""
        return [one for one in self.children[at] if self.words[one].dep in deps]

    def subtree(self, at: int, without: Iterable[int] = ()) -> list[int]:
        """A word and all below it, but for these words and what is below them; sorted."""
        left, found, todo = set(without), [], [at]
        while todo:
            one = todo.pop()
            if one not in left:
                found.append(one)
                todo += self.children[one]
        return sorted(found)

    def runs(self, some: Iterable[int]) -> Iterator[Stretch]:
        """Words as unbroken stretches; signs and blanks between two of them break nothing."""
        held = sorted(some)
        first = last = None
        for at in held:
            if last is not None and any(self.words[one].pos not in ("PUNCT", "SPACE") for one in range(last + 1, at)):
                yield self.words[first or 0].start, self.words[last].end
                first = at
            first, last = (at if first is None else first), at
        if first is not None and last is not None:
            yield self.words[first].start, self.words[last].end

    def lemma(self, at: int) -> str:
        """The lemma of a word, in lower case."""
        return self.words[at].lemma.lower()
