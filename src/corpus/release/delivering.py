"""Shards written apart and then put in their place in one step each, so that whoever dies over them leaves nothing there by halves.

Several may write the same shard at once, where one was thought dead: each writes its own, and all are equal.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.release.spreading import stopped
from corpus.storage import Place

_APART = ".writing-"


@contextmanager
def delivered(folder: Place) -> Iterator[Path]:
    """A folder to write in, what lies in it afterwards goes to the same place below `folder`; nothing does if the work was given up."""
    beside = folder if isinstance(folder, Path) else None
    apart = Path(tempfile.mkdtemp(prefix=_APART, dir=beside))
    try:
        yield apart
        for path in sorted(one for one in apart.rglob("*") if one.is_file()):
            if not stopped():
                _put(path, path.relative_to(apart).as_posix(), folder)
    finally:
        shutil.rmtree(apart, ignore_errors=True)


def cleared(folder: Path) -> None:
    """Remove what the dead left."""
    for one in folder.glob(f"{_APART}*"):
        shutil.rmtree(one, ignore_errors=True)


def _put(path: Path, name: str, folder: Place) -> None:
    if isinstance(folder, Path):
        place = folder / name
        place.parent.mkdir(exist_ok=True)
        path.replace(place)
    else:
        (folder / name).put(path)
