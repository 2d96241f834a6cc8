"""The nouns of the gate: a change, the request it belongs to, the form of a layer's path, and what the eye cannot see in words."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["added", "modified", "deleted", "renamed"]
Finding = tuple[str, str]

LARGEST_FILE = 1024 * 1024
MOST_FILES = 500
LONGEST_PATH = 200
LONGEST_DOCUMENT = 80

ANNOTATOR = re.compile("[0-9a-f]{4}")
LAYER = re.compile(rf"annotations/(?P<document>[a-z0-9]+(?:[_-][a-z0-9]+)*)/(?P<annotator>{ANNOTATOR.pattern})\.json")

_VARIATIONS = (*range(0x180B, 0x180F), *range(0xFE00, 0xFE10))
_INVISIBLE = {*map(chr, _VARIATIONS), *"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"}  # fillers, which Unicode counts as letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file of a proposal: path, kind "added", git mode "100644", its bytes before and after; `was`: the path before a renaming."""

    path: str
    kind: Kind
    mode: str
    old: bytes | None
    new: bytes | None
    was: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a check may look at beside its change: all changes, who sends them, and how each path and folder is spelled."""

    changes: tuple[Change, ...]
    owner: str | None
    spellings: Mapping[str, frozenset[str]]

    def annotators(self) -> list[str]:
        """Whose layers the request touches."""
        return sorted({layer["annotator"] for change in self.changes if (layer := LAYER.fullmatch(change.path))})


def hidden(words: str) -> str:
    r"""The characters that nobody sees, by number: controls, formats, line separators, fillers, lone surrogates.

    >>> hidden("Harrow\u200b Front\u202e")
    'U+200B, U+202E'
    """
    unseen = {char for char in words if char in _INVISIBLE or unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp")}
    return ", ".join(f"U+{ord(char):04X}" for char in sorted(unseen)[:5])


def shown(words: str) -> str:
    r"""Foreign words as they may be printed anywhere: ASCII, on one line, not long.

    >>> shown("caf\u00e9\n")
    'caf\\xe9\\n'
    """
    plain = words if words.isascii() and words.isprintable() else ascii(words)[1:-1]
    return plain if len(plain) <= LONGEST_PATH else plain[: LONGEST_PATH - 1] + "…"
