"""Where a release is made before it is one: a folder that appears in one step, or keys of a store of which the manifest comes last."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus import manifest as manifests
from corpus import storage
from corpus.problems import CorpusError
from corpus.release.appearing import appear, staged_beside
from corpus.release.delivering import cleared
from corpus.storage import Place, Remote

MARK = ".staged"  # in a store: what lies beside it is no release yet, and may be removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """`folder` takes the papers and is this process's own; `shards` takes the shards of all who work; `appear` makes them a release."""

    folder: Path
    shards: Place
    appear: Callable[[], None]


@contextmanager
def staged(out: Place) -> Iterator[Staging]:
    """A place to build in; it is gone afterwards, and so is whatever does not belong to a release."""
    with _staged_folder(out) if isinstance(out, Path) else _staged_keys(out) as staging:
        yield staging


@contextmanager
def _staged_folder(out: Path) -> Iterator[Staging]:
    if out.exists() and not (out / manifests.NAME).is_file():
        raise CorpusError(f"{out} exists and is no earlier build (it has no {manifests.NAME}); choose another folder with --out")
    folder = staged_beside(out)

    def whole() -> None:
        cleared(folder)
        appear(folder, out)

    try:
        yield Staging(folder=folder, shards=folder, appear=whole)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _staged_keys(out: Remote) -> Iterator[Staging]:
    """A store cannot exchange one release for another in one step, so what is one stays as it is."""
    there = out.names()
    if manifests.NAME in there:
        raise CorpusError(f"{out} holds a release, and one in a store is never written over; choose another place with --out")
    if there and MARK not in there:
        raise CorpusError(f"{out} holds {there[0]} and is no earlier build; choose another place with --out")
    storage.remove(out)  # what an earlier build left half done
    with tempfile.TemporaryDirectory(prefix="corpus-") as name:
        folder, done = Path(name), False

        def whole() -> None:
            nonlocal done
            _uploaded(folder, out)
            done = True

        mark = folder / MARK
        mark.write_bytes(b"")
        (out / MARK).put(mark)
        mark.unlink()
        try:
            yield Staging(folder=folder, shards=out, appear=whole)
        finally:
            if not done:
                storage.remove(out / manifests.NAME)  # first, for with it the rest would pass for a release
                storage.remove(out)


def _uploaded(folder: Path, out: Remote) -> None:
    """The papers, then the manifest that names all, and last the mark goes."""
    papers = sorted(one.name for one in folder.iterdir() if one.is_file())
    for name in sorted(papers, key=lambda one: one == manifests.NAME):
        (out / name).put(folder / name)
    (out / MARK).remove()
