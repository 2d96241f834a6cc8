"""Everything that can be wrong with a repository, at once: the reader's faults, the schema's, the checks'. Prints nothing."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from corpus import checks, codec, store
from corpus.checks import of_corpus
from corpus.locate import all_located
from corpus.problems import CorpusError, Problem
from corpus.store import Stored


def audit(root: Path, paths: Sequence[Path] = ()) -> list[Problem]:
    """The problems of the whole repository, or of the given files and folders only; sorted by file and place.

    A JSON file outside the repository is held, as an annotation, to the articles of the repository.
    """
    with _uncollected():
        return _audited(root, paths)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cyclic collector, which walks all holdings again and again and finds nothing: a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _audited(root: Path, paths: Sequence[Path]) -> list[Problem]:
    stored = store.read(root)
    strangers = [path for path in paths if not path.resolve().is_relative_to(root)]
    inside = [path.resolve().relative_to(root).as_posix() for path in paths if path not in strangers]
    problems = [problem for path in strangers for problem in _of_stranger(path, stored)]
    if inside or not paths:
        problems += [problem for problem in _of_repository(stored, everything=not paths) if not paths or _within(problem.where, inside)]
    return all_located(set(problems), lambda where: _bytes(root / where))


def of_layers_and_records(stored: Stored) -> list[Problem]:
    """The faults of records, texts and layers: what a release and a push must be free of."""
    found: list[Problem] = []
    for source in stored.holdings.sources.values():
        found += checks.of_source(store.source_path(source), source, stored.holdings)
    for document in stored.holdings.documents.values():
        found += checks.of_document(store.record_path(document), document, stored.holdings)
    for where, layer in stored.holdings.layers.items():
        found += checks.of_layer(where, layer, stored.holdings)
    found += checks.of_holdings(stored.holdings)
    faulty = {problem.where for problem in stored.problems}
    return [*stored.problems, *(one for one in found if not any(fnmatchcase(path, _missing(one)) for path in faulty))]


def _missing(problem: Problem) -> str:
    """What a fault says is not there, as a pattern. Where it is there and faulty, its own fault is told and not this one."""
    where = PurePosixPath(problem.where)
    said = {
        "source-is-known": f"{where.parent}/source.json",
        "included-text-is-there": f"{where.with_suffix('.txt')}",
        "document-is-known": f"raw/*/{where.parent.name}.json",
        "annotator-is-known": store.ANNOTATORS,
        "gold-is-made-from-its-layers": f"{where.parent}/*.json",
        "nothing-released-is-lost": "annotations/*/*.json",
    }
    return said.get(problem.check, "")


def _of_repository(stored: Stored, *, everything: bool) -> Iterator[Problem]:
    found = of_layers_and_records(stored)
    yield from found
    yield from _of_form(stored, {problem.where for problem in found})
    if everything:
        holdings = stored.holdings
        withheld = [document for document in holdings.documents.values() if holdings.withheld(document)]
        yield from of_corpus.withheld_text_stays_out(holdings, store.passed_on(stored.root, withheld))


def _of_form(stored: Stored, broken: set[str]) -> Iterator[Problem]:
    for path in store.stored_files(stored.root):
        where = path.relative_to(stored.root).as_posix()
        data = path.read_bytes()
        layer = stored.holdings.layers.get(where)  # decoded already: only to be spelt
        spelt = codec.canonical(codec.annotations_to_json(layer)) if layer is not None else store.canonical_bytes(data, where)[0]
        form = spelt if where not in broken else None
        if form is not None and form != data:
            hint = f"corpus format {where}"
            yield Problem(where=where, pointer="", check="form-is-canonical", message="not in canonical form", hint=hint)


def _of_stranger(path: Path, stored: Stored) -> list[Problem]:
    if not path.is_file():
        raise CorpusError(f"{path} is no file")
    layer, problems = store.read_layer(path.read_bytes(), str(path))
    return problems if layer is None else checks.of_layer(str(path), layer, stored.holdings)


def _within(where: str, inside: list[str]) -> bool:
    return any(one == "." or where == one or where.startswith(f"{one}/") for one in inside)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
