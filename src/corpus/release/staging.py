"""Where a release is made before it is one: a folder that appears in one step, or keys of a store of which the manifest comes last."""

import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from corpus import manifest as manifests
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
        yield Staging(folder=folder, shards=folder.absolute(), appear=whole)
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
    out.remove()  # what an earlier build left half done
    with tempfile.TemporaryDirectory(prefix="corpus-") as name:
        folder, mark, done = Path(name), uuid.uuid4().bytes, False

        def whole() -> None:
            nonlocal done
            papers = sorted(one for one in folder.iterdir() if one.is_file() and one.name != manifests.NAME)
            for one in papers:
                (out / one.name).put(one)
            if not _is_ours(out, mark):
                raise CorpusError(f"another build began to write to {out}; this one was given up")
            (out / manifests.NAME).put(folder / manifests.NAME)
            done = True
            (out / MARK).remove()

        _mark(out, mark, folder)
        try:
            yield Staging(folder=folder, shards=out, appear=whole)
        finally:
            if not done:
                with suppress(CorpusError):  # the store that refused before does so again; the mark stands, and the next build removes all
                    _removed(out, mark)


def _mark(out: Remote, mark: bytes, folder: Path) -> None:
    path = folder / MARK
    path.write_bytes(mark)
    (out / MARK).put(path)
    path.unlink()


def _is_ours(out: Remote, mark: bytes) -> bool:
    return MARK in out.names() and (out / MARK).read_bytes() == mark


def _removed(out: Remote, mark: bytes) -> None:
    """The manifest first, for with it the rest would pass for a release."""
    if _is_ours(out, mark):
        (out / manifests.NAME).remove()
        out.remove()
