"""The words that stand in the repository: texts of record, and every file that may be passed on."""

import os
from collections.abc import Container, Iterable, Iterator
from pathlib import Path

from corpus import codec
from corpus.store.reading import files_of

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
    for path in _texts(root, sources):
        words, _ = codec.read_text(path.read_bytes(), path.name)
        if words is not None:
            yield path.stem, words


def passed_on(root: Path, withheld: Iterable[str], unread: Container[str] = ()) -> Iterator[tuple[str, str]]:
    """The path and the words of every file that may be passed on: all but the texts of withheld sources and what is derived.

    `unread` are files that need no look, for they hold no words of their own.
    """
    kept_back = set(_texts(root, withheld))
    for path in sorted(_ours(root) - kept_back):
        where = path.relative_to(root).as_posix()
        words = None if where in unread else codec.read_text(path.read_bytes(), where)[0]
        if words is not None:
            yield where, words


def number_without_text(root: Path) -> int:
    """How many records have no text beside them."""
    names = {(folder, name) for folder, name in files_of(root, "raw")}
    return sum((folder, f"{name[:-5]}.txt") not in names for folder, name in names if name.endswith(".json") and name != "source.json")


def _texts(root: Path, sources: Iterable[str]) -> list[Path]:
    return sorted(path for source in sources for path in root.glob(f"raw/{source}/*.txt") if path.with_suffix(".json").is_file())


def _ours(root: Path) -> set[Path]:
    """Every file but those of environments, caches and builds, whose folders are not even entered."""
    found = set()
    for folder, inner, names in os.walk(root):
        inner[:] = [name for name in inner if name not in NEVER_SCANNED]
        found |= {Path(folder) / name for name in names}
    return {path for path in found if path.is_file()}
