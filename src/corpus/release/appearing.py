"""A folder that appears in one step, whole or not at all, where another may stand already. Knows nothing of what is in it."""

import ctypes
import os
import shutil
from pathlib import Path

_HERE, _EXCHANGE = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of Linux, see rename(2)


def staged_beside(out: Path) -> Path:
    """An empty folder beside `out`, on the same file system. What an earlier run left half done is put right first."""
    aside, staged = _aside(out), out.with_name(f".{out.name}.staged")
    if aside.exists() and not out.exists():
        aside.rename(out)
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    return staged


def appear(staged: Path, out: Path) -> None:
    """Everything on disk first, then one rename; what stood there is removed last."""
    for path in [*staged.rglob("*"), staged]:
        _sync(path)
    if out.exists():
        _replace(staged, out)
    else:
        staged.rename(out)
    _sync(out.parent)


def _replace(staged: Path, out: Path) -> None:
    aside = _aside(out)
    shutil.rmtree(aside, ignore_errors=True)
    if not _exchanged(staged, out):  # elsewhere than on Linux there is a moment between two renames; `staged_beside` mends it
        out.rename(aside)
        staged.rename(out)
    shutil.rmtree(aside, ignore_errors=True)
    shutil.rmtree(staged, ignore_errors=True)


def _exchanged(first: Path, second: Path) -> bool:
    """Whether the two names changed places in one step."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    return rename is not None and rename(_HERE, os.fsencode(first), _HERE, os.fsencode(second), _EXCHANGE) == 0


def _aside(out: Path) -> Path:
    return out.with_name(f".{out.name}.old")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
