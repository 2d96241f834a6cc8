"""Reads gold and what systems hand in: a corpus, a folder of layers, one layer, JSON Lines, or any format of the table of formats.

Writes nothing and scores nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus import codec, formats, store
from corpus.formats.converted import Article, Given
from corpus.model import GOLD, AnnotationSet, Document
from corpus.problems import CorpusError, Problem

_ASIDE = ("cda-annotators/", "cda-claim/", "cda-assignments/", "cda-released/", "cda-withdrawn/", "cda-document/", "cda-source/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Layers with where they were read, the records of their articles where there are any, and what could not be read."""

    name: str
    layers: tuple[tuple[str, AnnotationSet], ...]
    documents: Mapping[str, Document]
    problems: tuple[Problem, ...]


def gold(path: Path, annotator: str | None = None, *, form: str | None = None) -> Readings:
    """The readings to score against: of a corpus the readings of record, or this annotator's; of a folder or file every layer.

    Of a format by name (`form` "polnear") each article's adjudicated layer, else its first annotator's, as those corpora count themselves.
    """
    if form is not None:
        readings = _of_format(path, form)
        return _by(readings, annotator) if annotator is not None else _firsts(readings)
    if not _is_corpus(path):
        return _by(_loose(path), annotator)
    stored = store.read(path)
    if annotator is not None:
        return _by(_held(path, stored), annotator)
    of_record = {id: layer for id in stored.holdings.documents if (layer := stored.holdings.of_record(id)) is not None}
    layers = tuple((store.layer_path(id, layer.annotator), layer) for id, layer in sorted(of_record.items()))
    return Readings(name=path.resolve().name, layers=layers, documents=stored.holdings.documents, problems=stored.problems)


def prediction(path: Path, annotator: str | None = None, *, form: str | None = None) -> Readings:
    """What a system hands in: every layer there, or this annotator's alone."""
    if form is not None:
        return _by(_of_format(path, form), annotator)
    return _by(_held(path, store.read(path)) if _is_corpus(path) else _loose(path), annotator)


def _is_corpus(path: Path) -> bool:
    return (path / "raw").is_dir() and (path / "annotations").is_dir()


def _held(path: Path, stored: store.Stored) -> Readings:
    layers = tuple(sorted(stored.holdings.layers.items()))
    return Readings(name=path.resolve().name, layers=layers, documents=stored.holdings.documents, problems=stored.problems)


def _of_format(path: Path, form: str) -> Readings:
    read = formats.reader(form)(path, Given())
    found = list(read.soundly())
    articles = [one for one in found if isinstance(one, Article)]
    layers = tuple((f"{one.document.id}/{layer.annotator}", layer) for one in articles for layer in one.layers)
    documents = {one.document.id: one.document for one in articles}
    problems = tuple(one for one in found if isinstance(one, Problem))
    return Readings(name=f"{form}:{path.resolve().name}", layers=layers, documents=documents, problems=problems)


def _firsts(readings: Readings) -> Readings:
    """One layer an article: gold if there is one, else the first by annotator."""
    chosen: dict[str, tuple[str, AnnotationSet]] = {}
    for where, layer in readings.layers:
        if layer.document not in chosen or layer.annotator == GOLD:
            chosen[layer.document] = where, layer
    return Readings(name=readings.name, layers=tuple(chosen.values()), documents=readings.documents, problems=readings.problems)


def _by(readings: Readings, annotator: str | None) -> Readings:
    if annotator is None:
        return readings
    kept = tuple(one for one in readings.layers if one[1].annotator == annotator)
    if not kept:
        there = ", ".join(sorted({layer.annotator for _, layer in readings.layers})) or "nobody"
        raise CorpusError(f"{readings.name} has no layer by {annotator!r}; it has some by: {there}")
    return Readings(name=f"{readings.name}:{annotator}", layers=kept, documents=readings.documents, problems=readings.problems)


def _loose(path: Path) -> Readings:
    """A file or a folder of layers; other files of the scheme that lie among them are passed over."""
    if not path.exists():
        raise CorpusError(f"there is no {path}")
    layers: list[tuple[str, AnnotationSet]] = []
    problems: list[Problem] = []
    for where, data in _pieces(path):
        value, faults = codec.read_json(data, where)
        if not faults and isinstance(value, dict) and str(value.get("schema")).startswith(_ASIDE):
            continue
        layer, found = store.read_layer(data, where)
        problems += found
        if layer is not None:
            layers.append((where, layer))
    if not layers and not problems:
        raise CorpusError(f"{path} holds no layer: no .json or .jsonl file with the schema cda-annotation/1")
    return Readings(name=path.resolve().name, layers=tuple(layers), documents={}, problems=tuple(problems))


def _pieces(path: Path) -> Iterator[tuple[str, bytes]]:
    """Each layer's bytes and where they stand: a file, or a line of one."""
    for file in _files(path):
        data, where = file.read_bytes(), file.name if file == path else file.relative_to(path).as_posix()
        if file.suffix != ".jsonl":
            yield where, data
            continue
        yield from ((f"{where}:{nth}", line) for nth, line in enumerate(data.split(b"\n"), start=1) if line.strip())


def _files(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    return sorted(one for one in path.rglob("*") if one.suffix in (".json", ".jsonl") and one.is_file())
