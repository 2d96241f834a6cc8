"""Everything that can be wrong with a repository, at once: the reader's faults, the schema's, the checks'. Prints nothing."""

import gc
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from corpus import checks, codec, store, verdict
from corpus.checks import of_corpus
from corpus.locate import all_located
from corpus.model import AnnotationSet, Census, Holdings
from corpus.problems import CorpusError, Problem
from corpus.store import Stored, Unit
from corpus.survey import Asked, Seen, survey

Recall = Callable[[Holdings, Sequence[Unit]], Mapping[str, Seen]]


def audit(root: Path, paths: Sequence[Path] = ()) -> list[Problem]:
    """The problems of the whole repository, or of the given files and folders only; sorted by file and place.

    A JSON file outside the repository, a layer or a Label Studio export, is held to the articles of the repository.
    """
    with uncollected():
        return _audited(root, paths)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the cyclic collector, which walks all that is held again and again and finds nothing: a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _audited(root: Path, paths: Sequence[Path]) -> list[Problem]:
    strangers = [path for path in paths if not path.resolve().is_relative_to(root)]
    inside = [path.resolve().relative_to(root).as_posix() for path in paths if path not in strangers]
    problems = _of_strangers(root, strangers) if strangers else []
    if inside or not paths:
        problems += [one for one in _of_repository(root, everything=not paths) if not paths or _within(one.where, inside)]
    return all_located(set(problems), lambda where: _bytes(root / where))


def of_layers_and_records(stored: Stored, rest: Census | None = None, settled: Collection[str] = ()) -> list[Problem]:
    """The faults of records, texts and layers: what a release and a push must be free of.

    `rest` is what was found sound before, `settled` the files of the registry that were.
    """
    found: list[Problem] = []
    for source in stored.holdings.sources.values():
        found += checks.of_source(store.source_path(source), source, stored.holdings)
    for document in stored.holdings.documents.values():
        found += checks.of_document(store.record_path(document), document, stored.holdings)
    narrowed = _narrowing(stored.holdings)
    for where, layer in stored.holdings.layers.items():
        found += checks.of_layer(where, layer, narrowed([layer.document]))
    named = {where: {name for name, _ in mentions} for where, mentions in _named(stored.holdings) if where not in settled}
    for where, claim in stored.holdings.registry.items():
        found += checks.of_claim(where, claim, narrowed(named[where])) if where in named else []
    for where, judgements in stored.holdings.judged.items():
        found += checks.of_judged(where, judgements, narrowed(named[where])) if where in named else []
    census = of_corpus.census(stored.holdings)
    found += checks.of_census(stored.holdings, census if rest is None else of_corpus.joined(census, rest))
    faulty = {problem.where for problem in stored.problems}
    return [*stored.problems, *(one for one in found if not any(fnmatchcase(path, _missing(one)) for path in faulty))]


def _narrowing(holdings: Holdings) -> Callable[[Iterable[str]], Holdings]:
    """Holdings with the layers of some documents alone: checks look for those of one among all, which takes long if all are asked for."""
    beside: dict[str, dict[str, AnnotationSet]] = defaultdict(dict)
    for where, layer in holdings.layers.items():
        beside[layer.document][where] = layer
    return lambda names: replace(holdings, layers={where: layer for name in names for where, layer in beside.get(name, {}).items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look at a repository found: all units, those that had to be read whole with what they hold, the census of all, the faults.

    `sound` are those that needed no more than a first look.
    """

    units: list[Unit]
    doubtful: list[Unit]
    stored: Stored
    census: Census
    wordy: frozenset[str]
    sound: tuple[Seen, ...]
    problems: list[Problem]


def look(root: Path, recall: Recall = lambda *_: {}) -> Looked:
    """The faults of records, texts and layers of a whole repository; what is plainly sound is never held.

    `recall` is asked, with sources and annotators, which units were seen before with these very bytes and were sound.
    """
    with uncollected():
        return _look(root, recall)


def _look(root: Path, recall: Recall = lambda *_: {}) -> Looked:
    units = store.units(root)
    common = store.read(root, ())
    named = dict(_named(common.holdings))
    asked = _asked(named.values())
    seen = survey(root, common.holdings, units, known=recall(common.holdings, units), asked=asked)
    settled = frozenset(_settled(common.holdings, {one.name: one.marks for one in seen.sound}))
    seen = seen.without({name for where, mentions in named.items() if where not in settled for name, _ in mentions})
    doubtful = [unit for unit in units if unit.name in seen.doubtful]
    stored = store.read(root, doubtful) if doubtful else common
    if _names_others(stored, doubtful):
        seen, settled, doubtful = seen.without({unit.name for unit in units}), frozenset(), units
        stored = store.read(root, units)
    census = of_corpus.joined(of_corpus.census(stored.holdings), seen.census)
    problems = of_layers_and_records(stored, seen.census, settled)
    return Looked(units=units, doubtful=doubtful, stored=stored, census=census, wordy=seen.wordy, sound=seen.sound, problems=problems)


def _named(common: Holdings) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The files of the registry, and the documents with the mentions that each names."""
    for where, claim in common.registry.items():
        yield where, [(one.document, one.mention) for one in claim.members]
    for where, held in common.judged.items():
        hubs = (hub for one in held.judgements for hub in (one.pair.statement, one.pair.claim))
        yield where, [(hub.document, hub.mention) for hub in hubs]


def _asked(named: Iterable[Iterable[tuple[str, str]]]) -> Asked:
    found: dict[str, set[str]] = defaultdict(set)
    for mentions in named:
        for document, mention in mentions:
            found[document].add(mention)
    return dict(found)


def _settled(common: Holdings, marks: verdict.Marks) -> Iterator[str]:
    """The files of the registry that are plainly sound beside what was seen of readings of record."""
    yield from (where for where, one in common.registry.items() if verdict.sound_claim(one, marks))
    yield from (where for where, one in common.judged.items() if verdict.sound_judgements(one, marks, common.annotators))


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
        "member-resolves": "annotations/*/*.json",
        "pair-resolves": "annotations/*/*.json",
    }
    return said.get(problem.check, "")


def _of_repository(root: Path, *, everything: bool) -> Iterator[Problem]:
    seen = _look(root)
    stored, doubtful = seen.stored, seen.doubtful
    yield from seen.problems
    yield from _of_form(stored, doubtful, {problem.where for problem in seen.problems})
    if everything:
        unread = {where for unit in seen.units if unit not in doubtful for where in unit.layers} - seen.wordy
        withheld = [name for name, source in stored.holdings.sources.items() if source.text == "withheld"]
        texts = list(store.texts(root, withheld))
        if texts:
            yield from of_corpus.withheld_text_stays_out(texts, store.passed_on(root, withheld, unread))


def _names_others(stored: Stored, doubtful: Iterable[Unit]) -> bool:
    """Whether a file of a doubtful article says that it is of another, which then has to be read as well."""
    named = {*stored.holdings.documents, *(layer.document for layer in stored.holdings.layers.values())}
    return not named <= {unit.name for unit in doubtful}


def _of_form(stored: Stored, doubtful: Iterable[Unit], broken: set[str]) -> Iterator[Problem]:
    for path in store.stored_files(stored.root, doubtful):
        where = path.relative_to(stored.root).as_posix()
        data = path.read_bytes()
        form = _spelt(where, data, stored.holdings) if where not in broken else None
        if form is not None and form != data:
            hint = f"corpus format {where}"
            yield Problem(where=where, pointer="", check="form-is-canonical", message="not in canonical form", hint=hint)


def _spelt(where: str, data: bytes, held: Holdings) -> bytes | None:
    """The canonical form of a file; what is decoded already is only to be spelt."""
    if (layer := held.layers.get(where)) is not None:
        return codec.canonical(codec.annotations_to_json(layer))
    if (claim := held.registry.get(where)) is not None:
        return codec.canonical(codec.claim_to_json(claim))
    if (judged := held.judged.get(where)) is not None:
        return codec.canonical(codec.judgements_to_json(judged))
    return store.canonical_bytes(data, where)[0]


def _of_strangers(root: Path, paths: Iterable[Path]) -> list[Problem]:
    stored = store.read(root)
    return [problem for path in paths for problem in _of_stranger(path, stored)]


def _of_stranger(path: Path, stored: Stored) -> Sequence[Problem]:
    if not path.is_file():
        raise CorpusError(f"{path} is no file")
    from corpus import intake  # with all that reads exports, which a repository does not hold

    data = path.read_bytes()
    if data.lstrip()[:1] == b"[":  # no stored file is a list
        arrived, problems = intake.arrived_in(data, str(path))
        return problems or intake.faults(stored, arrived)
    layer, problems = store.read_layer(data, str(path))
    return problems if layer is None else checks.of_layer(str(path), layer, stored.holdings)


def _within(where: str, inside: list[str]) -> bool:
    return any(one == "." or where == one or where.startswith(f"{one}/") for one in inside)


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None
