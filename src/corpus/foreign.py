"""Another corpus's files as shards in the scheme of this one, for their reader's own use; made once for the same files.

An article's reading of record is its adjudicated layer, else its first annotator's, as those corpora count themselves. Splits are the
corpus's own parts where its reader tells them of every article, else those of this corpus.
"""

import hashlib
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Any, get_args

from corpus import __version__, checks, formats, splits, tables
from corpus.formats.converted import DOCUMENT, Article, Converted, Given
from corpus.model import GOLD, AnnotationSet, Holdings, Split
from corpus.problems import CorpusError, Problem, show
from corpus.tables import Config, Reading

LEFT_OUT = "left_out.txt"
FEW = 10  # problems that one sentence names
_PARTS: Mapping[str, Split] = {"train": "train", "dev": "validation", "validation": "validation", "test": "test"}


def shards(name: str, path: Path, given: Given, cache: Path) -> Path:
    """The folder with `<config>/<split>.parquet`; what the same files gave before is found again by their hash."""
    read = formats.reader(name)
    if not path.exists():
        raise CorpusError(f"{path} is not there")
    made = cache / f"{name}-{_digest(name, path, given)[:24]}"
    if made.is_dir():
        return made
    cache.mkdir(parents=True, exist_ok=True)
    staged = Path(tempfile.mkdtemp(dir=cache, prefix=f".{made.name}."))
    try:
        _write(read(path, given), staged, keep_going=given.keep_going)
        if not made.is_dir():  # another process may have been faster
            staged.rename(made)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return made


def files(folder: Path, config: Config, split: str | None) -> dict[str, str]:
    """Split → file; a config or a split without rows is an error that names those that have some."""
    found = {one.stem: str(one) for one in sorted((folder / config).glob("*.parquet"))}
    if not found:
        there = [one for one in get_args(Config) if (folder / one).is_dir()]
        raise CorpusError(f"nothing of this corpus stands in {config}; it has: {', '.join(there)}")
    if split is not None and split.partition("[")[0] not in found:
        raise CorpusError(f"{config} has no split {split!r}; it has: {', '.join(found)}")
    return found


def _write(read: Converted, folder: Path, *, keep_going: bool) -> None:
    rows: dict[tuple[Config, str], list[dict[str, Any]]] = defaultdict(list)
    parts: dict[str, str] = {}
    for article in _sound(read, folder, keep_going=keep_going):
        document = article.document
        parts.update((document.id, part) for told in article.extra.values() if (part := str(told.get(DOCUMENT, {}).get("part"))) in _PARTS)
        for config in get_args(Config):
            rows[config, document.id] += tables.rows_of(config, _readings(article, read, config))
    if not rows:
        raise CorpusError("there is no article in it")
    own = parts.keys() >= {id for (_, id), some in rows.items() if some}
    held: dict[tuple[Config, Split], list[dict[str, Any]]] = defaultdict(list)
    for (config, id), some in sorted(rows.items()):
        held[config, _PARTS[parts[id]] if own else splits.split_of(id)] += some
    for (config, split), some in held.items():
        if some:
            (folder / config).mkdir(exist_ok=True)
            tables.parquet(config, some, folder / config / f"{split}.parquet")


def _readings(article: Article, read: Converted, config: Config) -> Iterator[Reading]:
    """Every layer for `annotations`, for the other configs the one of record; the texts are the reader's own, so they may stand there."""
    source = next(one for one in read.sources if one.id == article.document.source)
    annotators = {one.id: one for one in read.annotators}
    layers = article.layers if config == "annotations" else _of_record(article)
    for layer in layers:
        yield Reading(document=article.document, source=source, annotator=annotators[layer.annotator], layer=layer, open=True)


def _of_record(article: Article) -> tuple[AnnotationSet, ...]:
    gold = tuple(one for one in article.layers if one.annotator == GOLD)
    return gold or article.layers[:1]


def _sound(read: Converted, folder: Path, *, keep_going: bool) -> Iterator[Article]:
    """The articles that keep the rules of this corpus; with faults all are told in one error, or written down where it may go on."""
    faults: list[Problem] = []
    for one in read.soundly():
        found = [one] if isinstance(one, Problem) else _faults(one, read)
        faults += found
        if isinstance(one, Article) and not found:
            yield one
    if faults and not keep_going:
        raise CorpusError(f"{_named(faults)}; keep_going=True leaves them out")
    if faults:
        (folder / LEFT_OUT).write_text(_named(faults), encoding="utf-8")


def _named(faults: list[Problem]) -> str:
    shown = show(sorted(faults)[:FEW], "text").replace("\n", "; ")
    return f"{len(faults):,} problems, so some articles cannot be taken: {shown}" + (" …" if len(faults) > FEW else "")


def left_out(folder: Path) -> str | None:
    """What is told of the articles that are not in the shards, or None where all are."""
    path = folder / LEFT_OUT
    return path.read_text(encoding="utf-8") if path.is_file() else None


def _faults(article: Article, read: Converted) -> list[Problem]:
    """By the checks of this corpus; a reader whose layer breaks a rule has a fault."""
    layers = {f"{one.document}/{one.annotator}": one for one in article.layers}
    holdings = Holdings(
        sources={one.id: one for one in read.sources},
        documents={article.document.id: article.document},
        annotators={one.id: one for one in read.annotators},
        layers=layers,
    )
    return [problem for where, layer in layers.items() for problem in checks.of_layer(where, layer, holdings)]


def _digest(name: str, path: Path, given: Given) -> str:
    """Over the names and bytes of all files that the format may read, hidden ones apart, and of what was told beside them."""
    endings = formats.format_of(name).endings
    found = hashlib.sha256(repr((__version__, name, astuple(given))).encode())
    for file in [path] if path.is_file() else sorted(one for one in _below(path) if not endings or one.suffix in endings):
        found.update(f"\0{file.relative_to(path).as_posix()}\0".encode("utf-8", "surrogateescape"))
        found.update(file.read_bytes())
    return found.hexdigest()


def _below(path: Path) -> Iterator[Path]:
    for folder, inner, names in os.walk(path):
        inner[:] = [one for one in inner if not one.startswith(".")]
        yield from (Path(folder) / one for one in names if not one.startswith("."))
