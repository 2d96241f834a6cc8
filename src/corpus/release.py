"""Builds a release from the repository: rows, splits, shards, manifest and card in a staged folder that appears in one step.

A pure function of the repository and the version: no clock, no network, no chance.
"""

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, get_args

from corpus import __version__, audit, card, codec, store, tables
from corpus.model import GOLD, Holdings, Release, Shard, Split
from corpus.problems import CorpusError, Problem
from corpus.splits import split_of
from corpus.tables import Config, Reading

_TOOLS = ("pyarrow", "datasets", "jsonschema-rs")


class NotClean(CorpusError):
    """The repository has problems; no release is built from it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problem{'s' * (len(problems) != 1)} in the repository; nothing was built")
        self.problems = problems


def build(root: Path, version: str, out: Path, *, all_texts: bool) -> Release:
    """Build into `out`, which must not exist or be an earlier build. Withheld words stand in it only with `all_texts`."""
    holdings = _sound(root)
    readings = list(_readings(holdings, all_texts=all_texts))
    records = _records(holdings)
    of_record = [one for one in readings if (one.layer.document, one.layer.annotator) in records]
    if not of_record:
        raise CorpusError("no document has a reading yet; annotate one first (corpus studio, corpus push, corpus pull)")
    rows = {config: tables.rows_of(config, readings if config == "annotations" else of_record) for config in get_args(Config)}
    splits = {one.document.id: split_of(one.document.story or one.document.id) for one in readings}
    staged = _stage(out)
    try:
        shards = list(_write_shards(staged, rows, splits))
        release = Release(version=version, digest=digest(rows), splits=dict(sorted(splits.items())), files=tuple(shards))
        _write_papers(staged, release, rows, holdings, readings, root, all_texts=all_texts)
        _appear(staged, out)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return release


def digest(rows: Mapping[Config, list[dict[str, Any]]]) -> str:
    """SHA-256 over all rows in canonical spelling: the same for the same data, whatever pyarrow wrote it."""
    sum_of_all = hashlib.sha256()
    for config in sorted(rows):
        for row in rows[config]:
            sum_of_all.update(json.dumps([config, row], ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8"))
    return sum_of_all.hexdigest()


def undecided(holdings: Holdings) -> list[str]:
    """Documents with several layers and no gold: no reading of record, so they stand in `annotations` only."""
    return sorted({one.document for one in holdings.layers.values()} - {document for document, _ in _records(holdings)})


def without_text(holdings: Holdings) -> list[str]:
    """Documents with a layer whose text is not at hand: they have no row in `tokens`."""
    return sorted({one.document for one in holdings.layers.values() if holdings.documents[one.document].text is None})


def _sound(root: Path) -> Holdings:
    stored = store.read(root)
    problems = sorted(set(audit.of_layers_and_records(stored)))
    if problems:
        raise NotClean(problems)
    return stored.holdings


def _readings(holdings: Holdings, *, all_texts: bool) -> Iterator[Reading]:
    for layer in sorted(holdings.layers.values(), key=lambda one: (one.document, one.annotator)):
        document = holdings.documents[layer.document]
        yield Reading(
            document=document,
            source=holdings.sources[document.source],
            annotator=holdings.annotators[layer.annotator],
            layer=layer,
            open=all_texts or not holdings.withheld(document),
        )


def _records(holdings: Holdings) -> set[tuple[str, str]]:
    """Document and annotator of each reading of record: the gold one, or the only one."""
    layers = holdings.layers.values()
    readers = Counter(layer.document for layer in layers)
    return {(one.document, one.annotator) for one in layers if one.annotator == GOLD or readers[one.document] == 1}


def _write_shards(folder: Path, rows: Mapping[Config, list[dict[str, Any]]], splits: Mapping[str, Split]) -> Iterator[Shard]:
    """One shard a split; a split without rows is left out, for load_dataset cannot open an empty one."""
    for config in get_args(Config):
        for split in get_args(Split):
            held = [row for row in rows[config] if splits[row["document"]] == split]
            if held:
                path = folder / config / f"{split}-00000-of-00001.parquet"
                path.parent.mkdir(exist_ok=True)
                tables.parquet(config, held, path)
                yield _shard(folder, path, len(held))


def _write_papers(
    folder: Path,
    release: Release,
    rows: Mapping[Config, list[dict[str, Any]]],
    holdings: Holdings,
    readings: list[Reading],
    root: Path,
    *,
    all_texts: bool,
) -> None:
    sizes = {shard.path: (folder / shard.path).stat().st_size for shard in release.files}
    documents = list({one.document.id: one.document for one in readings}.values())
    facts = card.Facts(release=release, rows=rows, sizes=sizes, holdings=holdings, documents=documents, all_texts=all_texts)
    store.write(folder / "README.md", card.readme(facts, tables.features).encode("utf-8"))
    store.write(folder / "CITATION.cff", card.citation(release.version).encode("utf-8"))
    papers = [_shard(folder, folder / name, None) for name in ("CITATION.cff", "README.md")]
    store.write(folder / "manifest.json", codec.canonical(_manifest(release, papers, holdings, root, all_texts=all_texts)))


def _manifest(release: Release, papers: list[Shard], holdings: Holdings, root: Path, *, all_texts: bool) -> codec.Json:
    return {
        "schema": "cda-manifest/1",
        "version": release.version,
        "digest": release.digest,
        "text": "all" if all_texts else "public",
        "files": {one.path: {"sha256": one.sha256, "rows": one.rows} for one in [*release.files, *papers]},
        "splits": dict(release.splits),
        "inputs": dict(_inputs(root, holdings)),
        "without_text": without_text(holdings),
        "undecided": undecided(holdings),
        "tools": {"cda-corpus": __version__, **{name: installed(name) for name in _TOOLS}},
    }


def _inputs(root: Path, holdings: Holdings) -> Iterator[tuple[str, str]]:
    layers = sorted(holdings.layers)
    records = sorted({store.record_path(holdings.documents[one.document]) for one in holdings.layers.values()})
    for where in [*layers, store.ANNOTATORS, *records]:
        yield where, _sha256(root / where)


def _shard(folder: Path, path: Path, rows: int | None) -> Shard:
    return Shard(path=path.relative_to(folder).as_posix(), sha256=_sha256(path), rows=rows)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _stage(out: Path) -> Path:
    if out.exists() and not (out / "manifest.json").is_file():
        raise CorpusError(f"{out} exists and is no earlier build (it has no manifest.json); choose another folder with --out")
    staged = out.with_name(f".{out.name}.staged")
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(parents=True)
    return staged


def _appear(staged: Path, out: Path) -> None:
    """Everything on disk first, then one rename; an earlier build steps aside and is removed last."""
    for path in [*staged.rglob("*"), staged]:
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    aside = out.with_name(f".{out.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    if out.exists():
        out.rename(aside)
    staged.rename(out)
    shutil.rmtree(aside, ignore_errors=True)
