"""Turns a release without withheld texts into one with them, on the reader's own machine, hash by hash. Refuses any other text."""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus import card, store, tables, text
from corpus import manifest as manifests
from corpus.manifest import Manifest
from corpus.problems import CorpusError
from corpus.release.appearing import appear, staged_beside
from corpus.release.digest import of_release, of_rows
from corpus.release.verifying import columns_in, verified
from corpus.tables import Config

Row = dict[str, Any]


def hydrated(folder: Path, texts: Mapping[str, str]) -> tuple[Manifest, list[str]]:
    """Put the texts (by document) in, and tell which documents still lack theirs; the folder changes in one step.

    A text is taken where its hash is the one of the release; each quote must then fit its check.
    """
    manifests.manifest_of(folder)  # names a newer kind
    held, problems = verified(folder)
    if held is None or problems:
        raise CorpusError(f"{folder} is not a release as it was built; corpus verify says why")
    columns = columns_in(folder)
    rows = {where: tables.rows_in(config, folder / where, columns[config]) for where in held.files if (config := tables.config_of(where))}
    wanted = {row["document"]: row["text_sha256"] for row in _of(rows, "annotations")}
    fitting = {name: words for name, words in texts.items() if name in wanted and text.sha256(words) == wanted[name]}
    filled = {
        where: [_filled(row, fitting[row["document"]]) if row["document"] in fitting else row for row in some]
        for where, some in rows.items()
    }
    staged = staged_beside(folder)
    try:
        manifest = _written(folder, staged, held, filled, columns)
        appear(staged, folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    lacking = {row["document"] for row in _of(filled, "documents") if row["text"] is None}
    return manifest, sorted(lacking)


def _of(rows: Mapping[str, list[Row]], config: Config) -> Iterator[Row]:
    return (row for where, some in rows.items() if tables.config_of(where) == config for row in some)


def _filled(row: Row, words: str) -> Row:
    """A row with its text, quotes and tokens, wherever they are null."""
    full: Row = _with_quotes(row, words)
    if "text" in full:
        full["text"] = words
    if "starts" in full:
        full["tokens"] = [words[start:end] for start, end in zip(full["starts"], full["ends"], strict=True)]
    return full


def _with_quotes(value: Any, words: str) -> Any:
    if isinstance(value, list):
        return [_with_quotes(one, words) for one in value]
    if not isinstance(value, dict):
        return value
    if value.keys() >= {"start", "end", "quote", "check"}:
        if text.slice_check(words, value["start"], value["end"]) != value["check"]:
            raise CorpusError(f"the words at {value['start']}-{value['end']} are not those that were marked")
        return value | {"quote": words[value["start"] : value["end"]]}
    return {name: _with_quotes(held, words) for name, held in value.items()}


def _written(folder: Path, staged: Path, held: Manifest, rows: Mapping[str, list[Row]], columns: Mapping[str, Any]) -> Manifest:
    files: dict[str, Mapping[str, Any]] = {}
    by_config: dict[str, list[Row]] = {}
    for where, config, some in ((where, config, some) for where, some in rows.items() if (config := tables.config_of(where))):
        by_config.setdefault(config, []).extend(some)
        (staged / where).parent.mkdir(exist_ok=True)
        tables.parquet(config, some, staged / where, columns[config])
        files[where] = {"sha256": _sha256(staged / where), "rows": len(some)}
    digests = of_rows({config: sorted(some, key=lambda row: str(row["document"])) for config, some in by_config.items()})
    documents = {name: dict(facts) | {"digest": digests[name]} for name, facts in held.documents.items()}
    released = held.digest if held.text == "released" else held.released_digest
    manifest = replace(held, text="all", digest=of_release(digests), documents=documents, files=files, released_digest=released)
    sizes = {where: (staged / where).stat().st_size for where in files}
    papers = {}
    for name in (name for name, facts in held.files.items() if facts["rows"] is None):
        words = card.copied(name, (folder / name).read_text(encoding="utf-8"), manifest, sizes)
        store.write(staged / name, words.encode("utf-8"))
        papers[name] = {"sha256": _sha256(staged / name), "rows": None}
    manifest = manifests.with_files(manifest, files | papers)
    store.write(staged / manifests.NAME, manifests.to_bytes(manifest))
    return manifest


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
