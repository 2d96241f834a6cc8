"""The version of the code by its own bytes, and keys: whatever could make another answer stands in the key of an answer."""

import hashlib
import platform
import re
import sys
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.resources.abc import Traversable
from pathlib import Path

from corpus import schema

_PACKAGE = Path(__file__).parents[1]
_STARTED = time.time_ns()
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def fingerprint(*parts: str | bytes) -> str:
    """SHA-256 over parts, each with its length, so that no two lists of parts are the same bytes.

    >>> fingerprint("ab", "c") == fingerprint("a", "bc")
    False
    """
    whole = hashlib.sha256()
    for one in parts:
        data = one.encode("utf-8", "surrogateescape") if isinstance(one, str) else one
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()


def of_code() -> str | None:
    """SHA-256 over every file of this package and of its schema, and the versions of Python and of all that the package asks for.

    None where the files have changed since they were loaded: what runs is then not what lies there.
    """
    files = sorted(_files())
    if any(newest > _STARTED for _, _, newest in files):
        return None
    return fingerprint(_of(files), *_versions())


def of_files() -> str:
    """SHA-256 over every file of this package and of its schema, as they lie there now."""
    return _of(sorted(_files()))


def _of(files: Iterable[tuple[str, bytes, int]]) -> str:
    return fingerprint(*(part for name, data, _ in files for part in (name, data)))


def _files() -> Iterator[tuple[str, bytes, int]]:
    for path in _PACKAGE.rglob("*"):
        if path.is_file() and path.suffix != ".pyc":
            yield path.relative_to(_PACKAGE).as_posix(), path.read_bytes(), path.stat().st_mtime_ns
    folder: Traversable = schema.folder()
    for one in folder.iterdir():
        if one.is_file():
            yield f"schema/{one.name}", one.read_bytes(), Path(str(one)).stat().st_mtime_ns


def _versions() -> Iterator[str]:
    yield from (sys.version, sys.platform, platform.machine())
    try:
        asked = requires("cda-corpus") or []
    except PackageNotFoundError:
        asked = []
    for name in sorted({found[0] for one in asked if "extra ==" not in one and (found := _NAME.match(one))}):
        yield f"{name} {version(name)}"
