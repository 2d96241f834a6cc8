"""A release built from the toy corpus: opened by load_dataset, pandas and DuckDB; equal to the byte; whole or not there."""

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from corpus import release, store
from corpus.model import Split
from corpus.problems import CorpusError
from corpus.release import Plan
from corpus.splits import split_of
from corpus.tables import CONFIGS, Config
from corpus.tables.columns import WITH_STATISTICS
from tests.conftest import ROOT, TOY

GOLDEN = ROOT / "tests" / "golden"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("dist") / "cda-corpus-0.1.0"
    release.build(TOY, Plan(version="0.1.0"), folder)
    return folder


@pytest.fixture(scope="module")
def opened(built: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    cache = tmp_path_factory.mktemp("cache")
    return {config: datasets.load_dataset(str(built), config, cache_dir=str(cache)) for config in CONFIGS}


def rows(splits: Any) -> Iterator[dict[str, Any]]:
    return (row for split in splits.values() for row in split)


def test_load_dataset_opens_every_config_with_class_labels(opened: dict[str, Any]) -> None:
    from datasets import ClassLabel, List

    features = next(iter(opened["documents"].values())).features
    assert isinstance(features["mentions"], List)
    assert features["mentions"].feature["label"] == ClassLabel(names=["claim", "denial", "content", "source", "cue"])
    assert features["annotator_kind"] == ClassLabel(names=["human", "model", "adjudicator"])
    tags = next(iter(opened["tokens"].values())).features["denial_tags"]
    assert tags == List(ClassLabel(names=["O", "B", "I"]))


def test_no_split_is_empty_and_every_row_is_in_the_split_of_its_story(opened: dict[str, Any]) -> None:
    for splits in opened.values():
        for split, held in splits.items():
            assert len(held)
            assert {split_of(row["document"]) for row in held} == {split}


def test_version_and_digest_stand_in_every_config(built: Path, opened: dict[str, Any]) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    for splits in opened.values():
        for held in splits.values():
            assert str(held.version) == "0.1.0"
            assert held.info.description in ("", f"sha256:{manifest['digest']}")
    assert (built / "README.md").read_text(encoding="utf-8").count(f"description: sha256:{manifest['digest']}") == len(CONFIGS)


def test_the_command_builds_the_same_bytes_however_configs_are_named(corpus: Any, built: Path, tmp_path: Path) -> None:
    assert corpus("build", "0.1.0", "--configs", *reversed(CONFIGS), "--workers", "1", "--out", str(tmp_path / "r"))[0] == 0
    for path in (one for one in built.rglob("*") if one.is_file()):
        assert (tmp_path / "r" / path.relative_to(built)).read_bytes() == path.read_bytes(), path.name


def test_a_denial_stands_with_the_claim_it_denies(opened: dict[str, Any]) -> None:
    found = {row["denial"]["id"]: row for row in rows(opened["denials"]) if row["document"] == "toy_0003"}
    answered = found["m14"]["denies"][0]
    assert (answered["mention"]["spans"][0]["quote"], answered["sources"][0]["spans"][0]["quote"]) == ("nobody was hurt", "a report")
    assert found["m8"]["denies"] == []


def test_undecided_articles_stand_in_annotations_only(toy: Path, tmp_path: Path) -> None:
    (toy / "annotations/toy_0003/gold.json").unlink()
    shutil.rmtree(toy / store.CLAIMS)
    built = release.build(toy, Plan(version="0.1.0"), tmp_path / "out")
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["undecided"] == ["toy_0003"]
    for where in built.files:
        if where.endswith(".parquet"):
            documents = pq.read_table(tmp_path / "out" / where)["document"].to_pylist()
            assert ("toy_0003" in documents) <= where.startswith("annotations/")


def test_tokens_and_tags_are_those_of_the_text(opened: dict[str, Any]) -> None:
    row = next(row for row in rows(opened["tokens"]) if row["document"] == "toy_0002")
    words = (TOY / "raw/toy/toy_0002.txt").read_text(encoding="utf-8")
    assert row["tokens"] == [words[start:end] for start, end in zip(row["starts"], row["ends"], strict=True)]
    claim = [token for token, tag in zip(row["tokens"], row["claim_tags"], strict=True) if tag]
    assert claim[:2] == ["The", "tea"]
    assert claim[-1] == "today"


def test_the_head_of_the_card_is_spelt_as_by_one_writer(built: Path) -> None:
    """Its columns go through another writer than its words, for speed."""
    head = (built / "README.md").read_text(encoding="utf-8").partition("---\n")[2].partition("---\n")[0]
    assert head == yaml.safe_dump(yaml.safe_load(head), sort_keys=False, allow_unicode=True, width=120)


def test_pandas_and_duckdb_open_the_files(built: Path) -> None:
    for config in CONFIGS:
        pattern = f"{built}/{config}/*.parquet"
        number = duckdb.sql(f"select count(*) from '{pattern}'").fetchall()[0][0]  # noqa: S608
        assert number == sum(len(pd.read_parquet(path)) for path in sorted((built / config).glob("*.parquet"))) > 0


def test_two_builds_are_equal_to_the_byte(built: Path, toy: Path, tmp_path: Path) -> None:
    release.build(toy, Plan(version="0.1.0"), tmp_path / "again")
    assert contents(tmp_path / "again") == contents(built)


def test_golden_files(built: Path) -> None:
    """The papers and every row of the toy corpus. A wanted change: `GOLDEN=write make test`, then read the diff."""
    for name, words in golden(built).items():
        path = GOLDEN / name
        if os.environ.get("GOLDEN") == "write":
            path.parent.mkdir(exist_ok=True)
            path.write_text(words, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == words, f"{name} differs; if that is wanted: GOLDEN=write make test"


def golden(built: Path) -> dict[str, str]:
    """All but what another version of a tool may change: sizes, hashes of files, tool versions."""
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    del manifest["tools"], manifest["files"], manifest["sha256_of_the_rest"]
    card = (built / "README.md").read_text(encoding="utf-8")
    return {
        "README.md": re.sub(r"(num_bytes|download_size|dataset_size): \d+", r"\1: 0", card),
        **{
            name: (built / name).read_text(encoding="utf-8")
            for name in ("CITATION.cff", "CITATION.bib", "citation.json", ".zenodo.json", "croissant.json")
        },
        "ro-crate-metadata.json": re.sub(
            r'("contentSize"|"sha256"): "\w+"', r'\1: ""', (built / "ro-crate-metadata.json").read_text(encoding="utf-8")
        ),
        "manifest.json": json.dumps(manifest, indent=2, ensure_ascii=False) + "\n",
        **{f"{config}.json": _rows_as_text(built, config) for config in CONFIGS},
    }


def test_withheld_words_stand_in_no_public_release(toy: Path, tmp_path: Path) -> None:
    withhold(toy)
    release.build(toy, Plan(version="0.1.0"), tmp_path / "public")
    release.build(toy, Plan(version="0.1.0", all_texts=True), tmp_path / "private")
    quotes = {config: _rows_as_text(tmp_path / "public", config) for config in CONFIGS}
    assert all("accusation" not in words and "Ostermark mill" not in words for words in quotes.values())
    assert "the accusation" in _rows_as_text(tmp_path / "private", "documents")
    raw = b"".join(data for name, data in contents(tmp_path / "public").items() if name.endswith(".parquet"))
    assert b"Ostermark mill" not in raw


def test_a_text_that_is_not_here_has_no_tokens_and_the_manifest_says_so(toy: Path, tmp_path: Path) -> None:
    withhold(toy)
    (toy / "raw/toy/toy_0001.txt").unlink()
    release.build(toy, Plan(version="0.1.0"), tmp_path / "out")
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["without_text"] == ["toy_0001"]
    assert "toy_0001" not in _rows_as_text(tmp_path / "out", "tokens")
    assert "toy_0001" in _rows_as_text(tmp_path / "out", "documents")


def test_no_statistics_of_words_in_a_footer(built: Path) -> None:
    for path in built.rglob("*.parquet"):
        held = pq.read_metadata(path).row_group(0)
        with_statistics = {held.column(at).path_in_schema for at in range(held.num_columns) if held.column(at).is_stats_set}
        assert with_statistics <= set(WITH_STATISTICS)


def test_nothing_is_built_from_a_broken_repository_and_the_old_build_stands(toy: Path, tmp_path: Path) -> None:
    release.build(toy, Plan(version="0.1.0"), tmp_path / "out")
    before = contents(tmp_path / "out")
    path = toy / "annotations/toy_0001/a3f1.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"start": 0,', '"start": 1,'), encoding="utf-8")
    with pytest.raises(release.NotClean, match="nothing was built"):
        release.build(toy, Plan(version="0.1.0"), tmp_path / "out")
    assert contents(tmp_path / "out") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "toy"]


def test_a_failure_in_the_middle_leaves_the_old_build(toy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release.build(toy, Plan(version="0.1.0"), tmp_path / "out")
    before = contents(tmp_path / "out")
    monkeypatch.setattr("corpus.card.papers", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        release.build(toy, Plan(version="0.2.0"), tmp_path / "out")
    assert contents(tmp_path / "out") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "toy"]


def test_a_folder_that_is_no_build_is_never_replaced(toy: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(CorpusError, match="no earlier build"):
        release.build(toy, Plan(version="0.1.0"), tmp_path / "mine")
    assert (tmp_path / "mine/thesis.txt").read_text(encoding="utf-8") == "years of work"


def test_without_any_layer_there_is_no_release(toy: Path, tmp_path: Path) -> None:
    for where in store.read(toy).holdings.layers:
        (toy / where).unlink()
    shutil.rmtree(toy / store.CLAIMS)
    with pytest.raises(CorpusError, match="no document has a reading"):
        release.build(toy, Plan(version="0.1.0"), tmp_path / "out")


def test_manifest_accounts_for_every_file(built: Path) -> None:
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) | {"manifest.json"} == set(contents(built))
    for name, facts in manifest["files"].items():
        assert facts["rows"] == (pq.read_metadata(built / name).num_rows if name.endswith(".parquet") else None)


def test_splits_are_shared_by_a_story() -> None:
    assert {split_of(f"story_{nth}") for nth in range(50)} == set(get_args(Split))


def test_readme_example_runs(built: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The example of the README and that of the card, on the toy release."""
    for page in (ROOT / "README.md", built / "README.md"):
        code = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)[0]
        code = re.sub(r"dist/(demo/)?cda-corpus(-0\.1\.0)?", str(built), code).replace('split="train"', f'split="{_a_split(built)}"')
        monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path)
        exec(compile(code, str(page), "exec"), {})  # noqa: S102
    assert "toy_000" in capsys.readouterr().out


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def withhold(toy: Path) -> None:
    """Turn the toy source into one whose texts may not be passed on."""
    path = toy / "raw/toy/source.json"
    named = (hashlib.sha256((toy / f"annotations/toy_0003/{name}.json").read_bytes()).hexdigest() for name in ("4b22", "a3f1"))
    facts = json.loads(path.read_text(encoding="utf-8")) | {"text": "withheld", "hydrate": {"from": "file"}}
    path.write_text(json.dumps(facts), encoding="utf-8")
    for layer in sorted(toy.glob("annotations/*/*.json"), key=lambda path: path.stem == "gold"):
        words = re.sub(r'"quote": ".*"', '"quote": null', layer.read_text(encoding="utf-8"))
        layer.write_text(re.sub(r'"sha256": ".*"', lambda _: f'"sha256": "{next(named)}"', words), encoding="utf-8")


def _a_split(built: Path) -> str:
    return next(iter(sorted((built / "denials").glob("*.parquet")))).name.split("-")[0]


def _rows_as_text(built: Path, config: Config) -> str:
    held = [row for path in sorted((built / config).glob("*.parquet")) for row in pq.read_table(path).to_pylist()]
    return json.dumps(held, indent=1, ensure_ascii=False) + "\n"
