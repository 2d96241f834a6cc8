"""The folders: read whole with every fault told, written one file at a time, whole or not at all."""

import json
import os
from pathlib import Path

import pytest

from corpus import store
from corpus.problems import CorpusError


def test_root_is_found_from_below(toy: Path) -> None:
    assert store.find_root(toy / "annotations" / "toy_0001") == toy.resolve()
    with pytest.raises(CorpusError, match="not in a corpus"):
        store.find_root(Path("/"))


def test_a_broken_file_hides_no_other(toy: Path) -> None:
    (toy / "annotations/toy_0001/a3f1.json").write_bytes(b"{")
    (toy / "raw/toy/toy_0002.json").write_bytes(b"\xff")
    stored = store.read(toy)
    assert {problem.where for problem in stored.problems} == {"annotations/toy_0001/a3f1.json", "raw/toy/toy_0002.json"}
    assert len(stored.holdings.layers) == 4
    assert set(stored.holdings.documents) == {"toy_0001", "toy_0003"}


def test_writing_the_same_changes_nothing(toy: Path) -> None:
    layer = store.read(toy).holdings.layers["annotations/toy_0001/a3f1.json"]
    before = (toy / "annotations/toy_0001/a3f1.json").stat().st_mtime_ns
    assert not store.write_layer(toy, layer)
    assert (toy / "annotations/toy_0001/a3f1.json").stat().st_mtime_ns == before


def test_a_failed_write_leaves_the_old_file_and_nothing_else(toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = toy / "annotations/toy_0001/a3f1.json"
    before, names = path.read_bytes(), sorted(one.name for one in path.parent.iterdir())
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space"):
        store.write(path, b"new")
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.iterdir()) == names


def test_canonical_form_of_a_shuffled_file_is_the_stored_one(toy: Path) -> None:
    path = toy / "annotations/toy_0003/gold.json"
    value = json.loads(path.read_bytes())
    value["mentions"].reverse()
    value["links"].reverse()
    data = json.dumps(dict(reversed(value.items()))).encode()
    assert store.canonical_bytes(data, "x.json") == (path.read_bytes(), [])


def test_files_that_are_kept_back_are_not_passed_on(toy: Path) -> None:
    names = {where for where, _ in store.passed_on(toy, ["toy"], {"annotations/toy_0002/a3f1.json"})}
    assert not {"raw/toy/toy_0001.txt", "annotations/toy_0002/a3f1.json"} & names
    assert {"raw/toy/toy_0001.json", "annotations/toy_0001/a3f1.json"} <= names
