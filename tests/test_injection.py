"""Words of a source can become nothing else in any paper or on a terminal: no key, no row, no tag, no command, no colour."""

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus import codec, ingest, release, store, tables, text
from corpus.model import AnnotationSet
from corpus.release import Plan

Run = Callable[..., tuple[int, str, str]]

PAYLOADS = {
    "yaml key": "harmless\nlicense: mit",
    "yaml end of the head": "harmless\n---\n# another card",
    "yaml tag": "!!python/object/apply:os.system ['true']",
    "yaml anchor": "&a [*a, *a]",
    "yaml null": "~",
    "table cell": "one | two | three",
    "table row": "one |\n| two | three |",
    "heading": "\n# Verified by people",
    "html": "<script>alert(1)</script>",
    "html image": '<img src=x onerror="alert(1)">',
    "html comment": "<!-- hidden -->",
    "markdown link": "[read more](javascript:alert(1))",
    "markdown image": "![x](http://127.0.0.1/x.png)",
    "code fence": "```\nrm -rf .\n```",
    "json quote": '", "license": "mit", "x": "',
    "json line": '"}\n{"@type": "sc:Dataset"',
    "bibtex end": "}, author = {Somebody Else",
    "bibtex entry": "}\n@misc{other, title={Other}}",
    "tex command": r"\input{/etc/passwd} \write18{true}",
    "csv formula": "=1+1",
    "csv command": "@SUM(1+1)*cmd|' /C calc'!A0",
    "terminal colour": "\x1b[31mred\x1b[0m",
    "terminal title": "\x1b]0;owned\x07",
    "terminal line": "harmless\rcorpus check: no problems",
    "bidi": "\u202eelpoep yb deifirev\u202c",
}
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x9b\u202a-\u202e\u2066-\u2069]")


def with_payload(toy: Path, payload: str) -> None:
    """The payload as title and description of the source, as outlet, and as the words of an article and of its claim."""
    path = toy / "raw/toy/source.json"
    source = json.loads(path.read_text(encoding="utf-8"))
    path.write_bytes(codec.canonical(source | {"title": payload, "description": payload}))
    record = toy / "raw/toy/toy_0001.json"
    facts = json.loads(record.read_text(encoding="utf-8"))
    record.write_bytes(codec.canonical(facts | {"outlet": payload}))
    document = ingest.document(text.normal_form(f"The ferry, {payload} ran."), id="toy_0009", source="toy")
    store.write_document(toy, document)


def shape(folder: Path) -> dict[str, Any]:
    """What each paper has the shape of: keys, rows, headings; never the words."""
    card = (folder / "README.md").read_text(encoding="utf-8")
    _, head, body = card.split("---\n", 2)
    return {
        "head": keys(yaml.safe_load(head)),
        "headings": re.findall(r"^#+ .*$", body, re.MULTILINE),
        "cells": sorted(len(re.findall(r"(?<!\\)\|", line)) for line in body.splitlines() if line.startswith("|")),
        "fences": body.count("\n```"),
        "tags": re.findall(r"<[a-zA-Z!/][^>]*>", body),
        "croissant": keys(json.loads((folder / "croissant.json").read_text(encoding="utf-8"))),
        "rocrate": keys(json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))),
        "cff": keys(yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))),
        "csl": keys(json.loads((folder / "citation.json").read_text(encoding="utf-8"))),
        "zenodo": keys(json.loads((folder / ".zenodo.json").read_text(encoding="utf-8"))),
        "bibtex": re.findall(r"^ *(@\w+|\w+) *[={]", (folder / "CITATION.bib").read_text(encoding="utf-8"), re.MULTILINE),
        "files": sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*")),
    }


def keys(value: Any) -> Any:
    """Names and lengths of what is nested, without its values."""
    if isinstance(value, dict):
        return {key: keys(held) for key, held in value.items()}
    return [keys(one) for one in value] if isinstance(value, list) else type(value).__name__


@pytest.fixture
def harmless(toy: Path, tmp_path: Path) -> dict[str, Any]:
    kept = {path: path.read_bytes() for path in toy.rglob("*") if path.is_file()}
    with_payload(toy, "Harmless")
    release.build(toy, Plan(version="1.0.0"), tmp_path / "harmless")
    for path in toy.rglob("toy_0009*"):
        path.unlink()
    for path, data in kept.items():
        path.write_bytes(data)
    return shape(tmp_path / "harmless")


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_payload_changes_no_paper_and_comes_back_as_it_went_in(
    name: str, harmless: dict[str, Any], toy: Path, tmp_path: Path, corpus: Run
) -> None:
    payload = PAYLOADS[name]
    with_payload(toy, payload)
    out = tmp_path / "out"
    release.build(toy, Plan(version="1.0.0"), out)
    assert shape(out) == harmless
    rows = [row for where in sorted(out.glob("documents/*.parquet")) for row in tables.rows_in("documents", where)]
    outlets = {row["document"]: row["outlet"] for row in rows}
    assert outlets["toy_0001"] == payload
    crate = {one["@id"]: one for one in json.loads((out / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]}
    assert (crate["#source-toy"]["name"], crate["#source-toy"]["description"]) == (payload, payload)
    written = io.StringIO()
    csv.writer(written).writerows(sorted(outlets.items()))
    assert dict(csv.reader(io.StringIO(written.getvalue(), newline=""))) == {key: held or "" for key, held in outlets.items()}
    for command in (("stats",), ("show", "toy_0001"), ("check",), ("cite", str(out)), ("verify", str(out))):
        _, said, told = corpus(*command)
        assert CONTROLS.search(said + told) is None, command


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_marked_payload_is_shown_without_its_powers(name: str, toy: Path, corpus: Run) -> None:
    with_payload(toy, PAYLOADS[name])
    words = store.read(toy).holdings.documents["toy_0009"]
    assert words.text is not None
    layer = AnnotationSet(
        document="toy_0009", text_sha256=words.text_sha256, annotator="4b22", origin="model", guidelines="0.1",
        mentions=(), attributions=(), links=(),
    )  # fmt: skip
    store.write_layer(toy, layer)
    code, said, told = corpus("show", "toy_0009")
    assert (code, CONTROLS.search(said + told)) == (0, None)
