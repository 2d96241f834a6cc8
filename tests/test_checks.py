"""Every check against examples: an invalid one has the fault that its name says and no other, a valid one only looks as if it had it.

tests/examples/invalid and valid hold <check id>--<note>, and an example is put where its content belongs in a copy of the toy corpus:
a layer, a record, a source.json, annotators.json, released.json. What is none of these stands in for annotations/toy_0001/a3f1.json.
A folder is laid over the corpus as it is. A list is a Label Studio export and goes through `corpus pull`. Examples of file-is-not-huge
are stored small: the last character of a text or layer is repeated up to 4 MiB, in an invalid one by one byte more.
"""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus import audit, codec, schema, store
from corpus.checks.catalogue import catalogue
from tests.conftest import ROOT

Corpus = Callable[..., tuple[int, str, str]]

EXAMPLES = ROOT / "tests" / "examples"
INVALID, VALID = (sorted((EXAMPLES / folder).iterdir()) for folder in ("invalid", "valid"))
STANDS_IN = "annotations/toy_0001/a3f1.json"
HOSTILE = {
    "lists": b"[" * 100_000 + b"]" * 100_000,
    "objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "what some Pythons read": b'[{"data": {}, "annotations": [], "meta": ' + b"[" * 3000 + b"]" * 3000 + b"}]",
    "digits": b'{"start": ' + b"9" * 100_000 + b"}",
}


@pytest.fixture(autouse=True)
def _pull_remembers_in_the_toy_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CORPUS_STUDIO_HOME", raising=False)


@pytest.mark.parametrize("example", INVALID, ids=lambda path: path.name)
def test_invalid_example_has_its_fault_and_no_other(example: Path, toy: Path, corpus: Corpus) -> None:
    if is_export(example):
        assert pulled(example, corpus) == (1, {check_of(example)})
        assert {problem.check for problem in audit.audit(toy, [example])} >= {check_of(example)} - {"both-sides-unchanged"}
        assert audit.audit(toy) == []
    else:
        laid, problems = lay(example, toy), audit.audit(toy)
        assert {problem.check for problem in problems} == {check_of(example)}, problems
        assert {problem.where for problem in problems} <= laid, problems


@pytest.mark.parametrize("example", VALID, ids=lambda path: path.name)
def test_valid_example_has_no_fault(example: Path, toy: Path, corpus: Corpus) -> None:
    if is_export(example):
        assert audit.audit(toy, [example]) == []
        assert pulled(example, corpus) == (0, set())
    else:
        lay(example, toy)
    assert audit.audit(toy) == []


def test_every_check_has_examples_and_every_example_a_check() -> None:
    invalid, valid = [check_of(path) for path in INVALID], [check_of(path) for path in VALID]
    # "policy" is asked of changes, "release" of releases, "submission" of what systems hand in and "conversion" of other corpora, not of
    # our files; test_policy.py, test_verifying.py, test_scoring.py and test_whole_checkouts.py hold them to it.
    apart = {"policy", "release", "submission", "conversion"}
    of_files = {check for check, entries in catalogue().items() if not {entry.level for entry in entries} <= apart}
    assert {*invalid, *valid} == of_files
    assert {check for check in of_files if invalid.count(check) < 2 or valid.count(check) < 1} == set()


@pytest.mark.parametrize("check", catalogue())
def test_check_is_explained(check: str, corpus: Corpus) -> None:
    code, out, _ = corpus("check", "--explain", check)
    assert code == 0
    for entry in catalogue()[check]:
        assert entry.title
        assert entry.cure
        assert f"{check} (level {entry.level})\n{entry.title}\n" in out
        assert f"Cure: {entry.cure}\n" in out


def test_broken_file_hides_no_other(toy: Path) -> None:
    broken = {"annotations/toy_0001/a3f1.json": "json-is-well-formed", "annotations/toy_0002/4b22.json": "bytes-are-utf8"}
    (toy / "annotations/toy_0001/a3f1.json").write_text("{", encoding="utf-8")
    (toy / "annotations/toy_0002/4b22.json").write_bytes(b"\xff\xfe{")
    assert {problem.where: problem.check for problem in audit.audit(toy)} == broken
    move_start(toy / "annotations/toy_0003/gold.json", 23)  # and the files around are still read
    expected = broken | {"annotations/toy_0003/gold.json": "quote-matches-text"}
    assert {problem.where: problem.check for problem in audit.audit(toy)} == expected


@pytest.mark.parametrize(("withheld", "wanted"), [(False, "the quote says 'said'"), (True, "the words marked have the check fb46c79b7eb7")])
def test_a_moved_offset_is_told_with_all_that_cures_it(withheld: bool, wanted: str, toy: Path, corpus: Corpus) -> None:
    if withheld:
        withhold(toy)
    assert corpus("check") == (0, "no problems\n", "")
    move_start(toy / STANDS_IN, 16)
    code, out, _ = corpus("check")
    place = f"{STANDS_IN}:27:9 /mentions/1/spans/0 [quote-matches-text]"
    assert (code, out) == (1, f"{place} characters 17-20 read 'aid', {wanted}\n    cure: the words marked stand at 16-20 'said'\n")


@pytest.mark.parametrize("data", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_file_is_refused_in_words(data: bytes, toy: Path, corpus: Corpus) -> None:
    (toy / STANDS_IN).write_bytes(data)
    code, out, _ = corpus("check")
    assert (code, out.count("\n")) == (1, 1)
    code, _, err = corpus("pull", str(toy / STANDS_IN))
    assert code == 2
    assert "is refused" in err


def check_of(example: Path) -> str:
    return example.name.partition("--")[0]


def is_export(example: Path) -> bool:
    return example.is_file() and isinstance(codec.read_json(example.read_bytes(), example.name)[0], list)


def pulled(example: Path, corpus: Corpus) -> tuple[int, set[str]]:
    """The exit code of a pull, and the checks it names."""
    code, out, _ = corpus("pull", str(example))
    return code, set(re.findall(r"^\S+?\.json.* \[([a-z0-9-]+)\] ", out, re.MULTILINE))


def lay(example: Path, toy: Path) -> set[str]:
    """Put the example in its place; the paths it has there."""
    files = [path for path in sorted(example.rglob("*")) if path.is_file()] if example.is_dir() else [example]
    laid = {path.relative_to(example).as_posix() if example.is_dir() else place(path.read_bytes()): path.read_bytes() for path in files}
    for where, data in laid.items():
        grows = check_of(example) == "file-is-not-huge" and (where.endswith(".txt") or example.is_file())
        store.write(toy / where, grown(data, example) if grows else data)
    return set(laid)


def place(data: bytes) -> str:
    """Where a stored file belongs by its content."""
    match codec.read_json(data, "")[0]:
        case {"schema": "cda-document/1", "source": source, "id": id}:
            return f"raw/{source}/{id}.json"
        case {"schema": "cda-source/1", "id": id}:
            return f"raw/{id}/source.json"
        case {"schema": "cda-annotators/1"}:
            return store.ANNOTATORS
        case {"schema": "cda-released/1"}:
            return store.RELEASED
        case {"schema": "cda-assignments/1"}:
            return store.ASSIGNMENTS
        case {"schema": "cda-withdrawn/1"}:
            return store.WITHDRAWN
        case {"schema": "cda-claim/1", "id": id}:
            return f"{store.CLAIMS}/{id}.json"
        case {"schema": "cda-judgements/1", "annotator": annotator}:
            return store.judgements_path(annotator)
        case {"document": document, "annotator": annotator} as layer if not schema.problems("annotation", layer, ""):
            return store.layer_path(document, annotator)
    return STANDS_IN


def grown(data: bytes, example: Path) -> bytes:
    return data + data[-1:] * (codec.LARGEST_FILE + (example in INVALID) - len(data))


def move_start(path: Path, start: int) -> None:
    words = path.read_text(encoding="utf-8")
    assert words.count(f'"start": {start},') == 1
    path.write_text(words.replace(f'"start": {start},', f'"start": {start + 1},'), encoding="utf-8")


def withhold(toy: Path) -> None:
    """Make the toy source one whose texts may not be passed on; they stay at hand. Gold names the layers as they were, so it goes,
    and the claim of the registry that names gold.
    """
    source = toy / "raw/toy/source.json"
    value: dict[str, Any] = json.loads(source.read_text(encoding="utf-8")) | {"text": "withheld", "hydrate": {"from": "file"}}
    source.write_bytes(codec.canonical(value))
    (toy / "annotations/toy_0003/gold.json").unlink()
    (toy / "annotations/claims/varn-flood.json").unlink()
    for path in toy.glob("annotations/*/*.json"):
        path.write_text(re.sub(r'"quote": ".*"', '"quote": null', path.read_text(encoding="utf-8")), encoding="utf-8")
