"""The words that stand in the repository: texts of record, and every file that may be passed on."""

import os
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from corpus import codec
from corpus.store.reading import contents, files_of

NEVER_SCANNED = {
    ".git",
    ".venv",
    ".label-studio",
    ".corpus-cache",
    "dist",
    ".hypothesis",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    "__pycache__",
}


def texts(root: Path, sources: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The name and the words of every text of these sources that is at hand and can be read."""
    for where in _texts(root, sources):
        words, _ = codec.read_text(contents(root, where), where)
        if words is not None:
            yield where.rpartition("/")[2].removesuffix(".txt"), words


def passed_on(root: Path, withheld: Iterable[str], unread: Container[str] = ()) -> Iterator[tuple[str, str]]:
    """The path and the words of every file that may be passed on: all but the texts of withheld sources and what is derived.

    `unread` are files that need no look, for they hold no words of their own.
    """
    kept_back = set(_texts(root, withheld))
    for where in sorted(_ours(root)):
        if where not in kept_back and where not in unread:
            words, _ = codec.read_text(contents(root, where), where)
            if words is not None:
                yield where, words


def number_without_text(root: Path) -> int:
    """How many records have no text beside them."""
    names = {(folder, name) for folder, name in files_of(root, "raw")}
    return sum((folder, f"{name[:-5]}.txt") not in names for folder, name in names if name.endswith(".json") and name != "source.json")


def _texts(root: Path, sources: Iterable[str]) -> list[str]:
    """The texts with a record beside them, in the order of their paths."""
    names = {one for one in files_of(root, "raw") if one[0] in {*sources}}
    return [f"raw/{folder}/{name}" for folder, name in sorted(names) if name.endswith(".txt") and (folder, f"{name[:-4]}.json") in names]


def _ours(root: Path) -> Iterator[str]:
    """Every file but those of environments, caches and builds, whose folders are not even entered; nor is one that may not be read."""
    folders = [""]
    while folders:
        inside = folders.pop()
        with suppress(OSError):
            for one in os.scandir(f"{root}/{inside}"):
                if one.is_file():
                    yield inside + one.name
                elif one.is_dir(follow_symlinks=False) and one.name not in NEVER_SCANNED:
                    folders.append(f"{inside}{one.name}/")
