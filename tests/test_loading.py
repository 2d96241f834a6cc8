"""`corpus.load` gives the release that was asked for, or says what it found. Beside it: what plain load_dataset does in the same place."""

import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import corpus
from corpus import codec, manifest, release, store
from corpus.cli import main
from corpus.model import Withdrawn
from corpus.problems import CorpusError
from corpus.release import Plan
from tests.conftest import TOY


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("first") / "dist" / "cda-corpus-1.0.0"
    release.build(TOY, Plan(version="1.0.0"), folder)
    return folder


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    import datasets

    datasets.disable_progress_bars()
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    yield
    datasets.enable_progress_bars()


def rows(opened: Any) -> list[dict[str, Any]]:
    return [row for split in opened.values() for row in split]


def changed(folder: Path, to: Path) -> Path:
    """A copy in which one shard has another text in it, and the card is the same."""
    shutil.copytree(folder, to)
    path = min((to / "documents").glob("*.parquet"))
    table = pq.read_table(path)
    at = table.column_names.index("text")
    pq.write_table(table.set_column(at, "text", pa.array(["Something else."] * table.num_rows, pa.string())), path)
    return to


def test_a_release_is_loaded_with_its_labels_whole_and_as_a_stream(first: Path) -> None:
    opened = corpus.load(first, "denials")
    assert {row["document"] for row in rows(opened)} == {"toy_0001", "toy_0003"}
    split = next(iter(opened))
    assert corpus.load(first, "denials", split).features["denial"]["label"].names[1] == "denial"
    assert [row["document"] for row in corpus.load(first, "denials", split, streaming=True)] == [row["document"] for row in opened[split]]


def test_a_version_is_looked_for_in_dist_here_and_upwards(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(first)
    assert len(rows(corpus.load("1.0.0"))) == 3
    with pytest.raises(CorpusError, match=r"no dist/cda-corpus-1\.0\.1 here"):
        corpus.load("1.0.1")
    shutil.copytree(first, first.parent / "cda-corpus-2.0.0")
    with pytest.raises(CorpusError, match=r"asked for version 2\.0\.0, .* holds 1\.0\.0"):
        corpus.load("2.0.0")


def test_load_dataset_serves_old_rows_for_a_changed_folder_and_load_refuses(first: Path, tmp_path: Path) -> None:
    """The first failure this module exists for: the cache goes by folder name and card, whatever the shards hold."""
    from datasets import load_dataset

    good, bad = tmp_path / "a" / "cda", tmp_path / "b" / "cda"
    shutil.copytree(first, good)
    changed(first, bad)
    cache = str(tmp_path / "shared")
    before = rows(load_dataset(str(good), "documents", cache_dir=cache))
    assert rows(load_dataset(str(bad), "documents", cache_dir=cache)) == before
    assert rows(load_dataset(str(bad), "documents", cache_dir=str(tmp_path / "fresh"))) != before
    with pytest.raises(CorpusError, match=r"documents/.*\.parquet is not that of version 1\.0\.0"):
        corpus.load(bad)


def test_a_cache_with_changed_rows_is_not_asked(first: Path, tmp_path: Path) -> None:
    from datasets import load_dataset

    bad = changed(first, tmp_path / "b" / first.name)
    poisoned = rows(load_dataset(str(bad), "documents"))
    assert any(row["text"] == "Something else." for row in poisoned)
    assert not any(row["text"] == "Something else." for row in rows(corpus.load(first)))


@pytest.mark.parametrize(
    ("what", "config", "split", "said"),
    [
        ("nothing", "documents", None, "is no folder, no version"),
        (None, "sentences", None, "has no config 'sentences'; it has: annotations, attributions, claims, denials, documents, tokens"),
        (None, "documents", "dev", "has no split 'dev'; it has: "),
    ],
)
def test_what_is_not_there_is_said_with_what_is(what: str | None, config: str, split: str | None, said: str, first: Path) -> None:
    with pytest.raises(CorpusError, match=said):
        corpus.load(what or first, config, split)


def test_a_missing_shard_and_a_changed_manifest_are_refused(first: Path, tmp_path: Path) -> None:
    shutil.copytree(first, tmp_path / "r")
    one = min((tmp_path / "r" / "denials").glob("*.parquet"))
    one.unlink()
    with pytest.raises(CorpusError, match="is not in"):
        corpus.load(tmp_path / "r", "denials")
    path = tmp_path / "r" / manifest.NAME
    path.write_bytes(path.read_bytes().replace(b'"version": "1.0.0"', b'"version": "1.0.1"'))
    with pytest.raises(CorpusError, match="was changed after it was written"):
        corpus.load(tmp_path / "r")


def test_a_newer_kind_of_release_is_refused_by_name(first: Path, tmp_path: Path) -> None:
    shutil.copytree(first, tmp_path / "r")
    path = tmp_path / "r" / manifest.NAME
    path.write_bytes(path.read_bytes().replace(b"cda-manifest/2", b"cda-manifest/3"))
    with pytest.raises(CorpusError, match="'cda-manifest/3', which this version of cda-corpus does not read"):
        corpus.load(tmp_path / "r")


def test_an_older_release_warns_of_what_was_withdrawn_since(first: Path, toy: Path) -> None:
    shutil.rmtree(toy / "annotations/toy_0002")
    for suffix in ("json", "txt"):
        (toy / f"raw/toy/toy_0002.{suffix}").unlink()
    gone = Withdrawn(document="toy_0002", text_sha256="0" * 64, date="2026-11-01", reason="asked for by its publisher")
    store.write(toy / store.WITHDRAWN, codec.canonical(codec.withdrawn_to_json([gone])))
    release.build(toy, Plan(version="1.1.0"), first.parent / "cda-corpus-1.1.0")
    with pytest.warns(UserWarning, match=r"withdrawn since version 1\.0\.0, please leave out: toy_0002"):
        corpus.load(first)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(rows(corpus.load(first.parent / "cda-corpus-1.1.0"))) == 2
    assert (
        json.loads((first.parent / "cda-corpus-1.1.0/manifest.json").read_text(encoding="utf-8"))["withdrawn"][0]["document"] == "toy_0002"
    )


def test_what_was_withdrawn_in_the_checkout_around_it_is_told_before_any_release_says_so(toy: Path) -> None:
    release.build(toy, Plan(version="1.0.0"), toy / "dist" / "cda-corpus-1.0.0")
    assert main(["-q", "-C", str(toy), "withdraw", "toy_0002", "--reason", "asked for by its publisher", "--date", "2026-11-28"]) == 0
    with pytest.warns(UserWarning, match=r"withdrawn since version 1\.0\.0, please leave out: toy_0002"):
        corpus.load(toy / "dist" / "cda-corpus-1.0.0")
