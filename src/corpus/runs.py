"""Whether a text shares a run of words with texts that are kept back: sieved by a coarser likeness first, then exactly. Knows no file.

The sieve is made of what Python does to a whole text at once; to find every run of a repository's words takes ten times as long.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from corpus import text

_SIGNS = bytes(ord(chr(one).lower()) if chr(one).isalnum() else 32 for one in range(128)) + bytes(range(128, 256))
_ASCII = bytes(range(128))
_GRAM = 5  # words looked up at once; the fewer, the more files are looked through for whole runs

Named = tuple[str, str]


def sharing(texts: Sequence[Named], files: Iterable[Named], length: int) -> Iterator[Named]:
    """Names of files, each with the name of the first text that it shares a run of that many words with. Both come as (name, words).

    >>> list(sharing([("a", "The ferry line said so on Monday.")], [("x.md", "“the FERRY line”, said"), ("y.md", "the ferry")], 4))
    [('x.md', 'a')]
    """
    plain = [plain_words(words) for _, words in texts]
    caught = list(_caught(plain, files, length))
    if not caught or not _have_one(plain, caught, length):
        return
    names: dict[tuple[str, ...], int] = {}
    for at, (_, words) in enumerate(texts):
        for run in text.word_runs(words, length=length):
            names.setdefault(run, at)
    for where, words in caught:
        first = min((names[run] for run in text.word_runs(words, length=length) if run in names), default=None)
        if first is not None:
            yield where, texts[first][0]


def plain_words(words: str) -> list[bytes]:
    r"""Runs of letters and digits in one case. Wherever two texts share words of `text.word_runs`, they share these.

    A word with an apostrophe is two here. The final sigma is like any other, for its small letter hangs on what comes after it.

    >>> plain_words("Isn’t it 3.5 % of a CAFÉ_2?")
    [b'isn', b't', b'it', b'3', b'5', b'of', b'a', b'caf\xc3\xa9', b'2']
    """
    if not words.isascii():
        words = words.lower()
        for sign in set(words.encode().translate(None, _ASCII).decode()):
            if not sign.isalnum():
                words = words.replace(sign, " ")
        words = words.replace("ς", "σ")
    return words.encode().translate(_SIGNS).split()


def _caught(texts: Iterable[list[bytes]], files: Iterable[Named], length: int) -> Iterator[Named]:
    """Files that share a few words in a row with a text: of a run of 8 words in a file, every fourth five hold one whole."""
    few = min(_GRAM, length)
    apart = length - few + 1
    held = set(chain.from_iterable(_grams(words, few, 1) for words in texts))
    return ((where, words) for where, words in files if not held.isdisjoint(_grams(plain_words(words), few, apart)))


def _have_one(texts: Iterable[list[bytes]], caught: Iterable[Named], length: int) -> bool:
    held = set(chain.from_iterable(_grams(plain_words(words), length, 1) for _, words in caught))
    return not all(held.isdisjoint(_grams(words, length, 1)) for words in texts)


def _grams(words: list[bytes], length: int, apart: int) -> Iterator[int]:
    """So many words in a row, at every place or so many apart, as a number each."""
    return map(hash, zip(*(words[at::apart] for at in range(length)), strict=False))
