"""The bench: what runs and what is left out, what a broken run keeps, and that page and picture say what the figures say."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scripts import measure_build, measure_nearness
from scripts.bench import drawing, recording, running
from scripts.bench.recording import Record
from scripts.bench.running import Way
from scripts.measure_build import Limits

from corpus import nearness, release
from corpus.release import Plan
from tests.conftest import ROOT, TOY

GOLDEN = ROOT / "tests/golden/benchmarks"
ALL = {"label-studio-sdk": "2.1.2", "datatrove": "0.10.1", "distributed": "2026.9.0"}
HELP = "corpus build [--workers N] [--no-cache] [--cluster ADDRESS]"


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for module in (running, measure_build):
        monkeypatch.setattr(module, "PLACE", tmp_path)
    return tmp_path


def test_all_ways_run_where_everything_is_there() -> None:
    ways, why = measure_build.ways(HELP, ALL)
    assert why == {}
    assert [one.weight for one in ways] == [0, 0, 0, 1, 1, 1, 1, 0, 1, 1, 2, 2]
    ours = [one for one in ways if one.name.startswith("corpus build")]
    assert all("--no-cache" in one.command for one in ours)
    (dask,) = [one for one in ours if "--cluster" in one.command]
    assert dask.name == "corpus build on Dask, 2 workers"
    assert {" ".join(one.command).count("--stories given") for one in ours if "given" in one.name} == {1}


def test_what_is_not_there_is_left_out_with_a_sentence() -> None:
    ways, why = measure_build.ways("corpus build [--workers N]", {})
    names = {one.name for one in ways}
    assert set(why) == {"corpus build on Dask, 2 workers", "datatrove, JSON lines to Parquet", "Label Studio's converter, JSON to CoNLL"}
    assert not names & set(why)
    assert not any("--no-cache" in one.command for one in ways)
    assert "corpus build on Dask, 2 workers" in measure_build.ways(HELP, {})[1]


def row(documents: int, seconds: float, memory: float, way: str = "a") -> dict[str, Any]:
    return {"way": way, "documents": documents, "round": 0, "seconds": seconds, "memory": memory}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([], None),
        ([row(1000, 1, 1e9)], "would need about 100 GB of the machine's 16 GB"),
        ([row(1000, 1, 0.35e9), row(10_000, 10, 2.15e9)], "would need about 20 GB of the machine's 16 GB"),
        ([row(1000, 1, 0.2e9), row(10_000, 10, 0.2e9)], None),
        ([row(1000, 5, 0.2e9), row(10_000, 95, 0.2e9)], "would take about 17 minutes"),
        ([row(1000, 5, 20e9, way="another")], None),
        ([row(1000, 3, 1e8), row(10_000, 2, 1e8)], None),
    ],
)
def test_what_would_be_too_much_is_foreseen(rows: list[dict[str, Any]], told: str | None) -> None:
    words = measure_build.foreseen(rows, "a", 100_000, 16e9, longest=600)
    assert (words or "").startswith(told or "")
    assert (words is None) == (told is None)


def test_sizes_run_from_the_least_with_their_rounds() -> None:
    assert dict(measure_build.rounds_of((100_000, 1_000), None)) == {1_000: (3, 3, 3), 100_000: (2, 1, 1)}
    assert list(measure_build.rounds_of((7,), 2)) == [(7, (2, 2, 2))]


def test_a_broken_run_goes_on_where_it_was_with_the_same_code_alone(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = recording.opened("build", {"rounds": {"10": (1, 1)}}, place)
    record.add(row(10, 1, 1))
    with record.path.open("a") as file:
        file.write('{"way": "half a li')
    again = recording.opened("build", {"rounds": {"10": (1, 1)}}, place)
    assert again.rows == [row(10, 1, 1)]
    assert again.has(way="a", documents=10, round=0)
    assert not again.has(way="a", documents=10, round=1)
    again.add(row(20, 1, 1))
    assert recording.opened("build", {"rounds": {"10": (1, 1)}}, place).rows == [row(10, 1, 1), row(20, 1, 1)]
    assert recording.opened("build", {"rounds": 2}, place).rows == []
    monkeypatch.setattr(recording, "machine", lambda: {**dict(again.head), "code": "another"})
    assert recording.opened("build", {"rounds": 2}, place).rows == []


def test_a_part_takes_the_place_of_itself_only(tmp_path: Path) -> None:
    kept = tmp_path / "figures.json"
    for part, seconds in (("reading", 1), ("build", 2), ("build", 3)):
        recording.keep(part, Record(tmp_path / "x", {"busy": 0}, [row(10, seconds, 1)]), kept)
    found = recording.load(kept)
    assert [(name, found[name]["rows"][0]["seconds"]) for name in found] == [("build", 3), ("reading", 1)]
    assert recording.written(found) == kept.read_text()


def test_an_export_is_the_same_tasks_as_an_array_and_a_line_each(place: Path) -> None:
    folder = measure_build.made(3)
    lines = [json.loads(line) for line in (folder / "export.jsonl").read_text().splitlines()]
    assert json.loads((folder / "export.json").read_text()) == lines
    assert len(lines) == 9  # each of the first few has two readings and gold


def test_what_a_way_takes_is_seen_with_its_children(place: Path) -> None:
    child = "import time; held = bytearray(60_000_000); time.sleep(0.6)"
    code = (
        f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); open('{{out}}/out/x', 'wb').write(b'12345'); print(7)"
    )
    figures, printed = running.measured(Way("children", [sys.executable, "-c", code]))
    assert (figures["written"], printed) == (5, "7")
    assert figures["seconds"] > 0.6
    assert 60e6 < figures["own"] <= figures["memory"] < 200e6
    assert 0 < figures["worked"] < figures["seconds"]
    assert list(place.iterdir()) == []


def test_a_way_may_keep_what_python_compiles(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    assert running.measured(Way("bytecode", [sys.executable, "-c", "import sys; print(sys.dont_write_bytecode)"]))[1] == "False"


def test_a_way_that_fails_ends_the_run_with_what_it_said() -> None:
    with pytest.raises(SystemExit, match="bad failed: no such thing"):
        running.measured(Way("bad", [sys.executable, "-c", "import sys; sys.exit('no such thing')"]))


def test_a_way_that_takes_too_much_memory_is_stopped_and_said_to_be(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_TOO_MUCH", 1e-9)
    record = Record(place / "build.jsonl", {})
    measure_build.run(record, 3, [(0, Way("a", [sys.executable, "-c", "import time; time.sleep(60)"]))], Limits())
    assert record.rows == [{"way": "a", "documents": 3, "left_out": True, "why": "was stopped when it held 0 GB"}]


def test_after_its_time_a_run_begins_first_rounds_only(place: Path) -> None:
    record = Record(place / "build.jsonl", {})
    way = Way("a", [sys.executable, "-c", "pass"])
    measure_build.run(record, 3, [(0, way), (1, way)], Limits(until=0))
    assert [one["round"] for one in record.rows] == [0]
    measure_build.run(record, 3, [(0, way), (1, way)], Limits())
    assert [one["round"] for one in record.rows] == [0, 1]


def test_page_and_picture_are_as_they_were() -> None:
    parts = recording.load(GOLDEN / "benchmarks.json")
    assert drawing.page(parts) == (GOLDEN / "benchmarks.md").read_text(encoding="utf-8")
    assert drawing.picture(parts["build"]) == (GOLDEN / "benchmarks.svg").read_text(encoding="utf-8")


def test_the_page_of_the_repository_says_what_its_figures_say() -> None:
    parts = recording.load()
    assert set(parts) == {"build", "nearness", "reading"}
    assert drawing.page(parts) == recording.KEPT.with_suffix(".md").read_text(encoding="utf-8")
    assert drawing.picture(parts["build"]) == recording.KEPT.with_suffix(".svg").read_text(encoding="utf-8")


def test_growth_is_of_medians_and_for_a_document() -> None:
    before = [{"seconds": at, "memory": 100} for at in (1, 2, 30)]
    after = [{"seconds": at, "memory": 130} for at in (21, 22, 23)]
    assert drawing.grown(before, after, "seconds", 10) == "1.10"
    assert drawing.grown(before, after, "memory", 1) == "1.30"
    assert drawing.grown([{"written": 0}], [{"written": 5}], "written", 10) == "–"


@pytest.mark.parametrize(("figure", "base", "told"), [(3, 2, "1.5"), (1, 1, "1.0"), (1, 8, "0.12"), (9000, 2, "4,500.0"), (1, 0, "–")])
def test_ratios(figure: float, base: float, told: str) -> None:
    assert drawing.ratio(figure, base) == told


def test_tags_are_the_same_arrays_either_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets
    from scripts.bench.ways import read_release

    release.build(TOY, Plan(version="1.0.0"), tmp_path / "release")
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr(read_release, "shards", lambda folder, config: sorted((folder / config).glob("*.parquet")))
    held = [*read_release.by_columns(tmp_path / "release")]
    datasets.disable_progress_bars()
    splits = datasets.get_dataset_split_names(str(tmp_path / "release"), "tokens")
    found = [batch for split in splits for batch in read_release.by_datasets(tmp_path / "release", split)]
    datasets.enable_progress_bars()
    rows = sorted(_rows(held))
    assert rows == sorted(_rows(found))
    assert {one for row in rows for one in row} == {0, 1, 2}


def _rows(batches: Any) -> list[list[int]]:
    """All rows of all arrays, without what fills them up."""
    return [[int(one) for one in line if one != -100] for batch in batches for ids in batch.values() for line in np.asarray(ids)]


def test_pairs_are_counted_exactly_and_strangers_told_from_copies() -> None:
    texts = measure_nearness.planted(40)
    exact = measure_nearness.alike(texts)
    for (one, other), share in [*exact.items()][:50]:
        assert share == nearness.share_of(texts[one], texts[other])
    assert exact[0, 20] == 1.0  # no word changed
    assert exact[1, 21] < 1.0
    told = measure_nearness.found({(0, 20), (1, 2)}, exact, 40)
    there = sum(share >= 0.8 for share in exact.values())
    assert (told["looked_at"], told["strangers"], told["strangers_kept"]) == (2, 1, 0)
    assert (told["pairs_0.8"], told["recall_0.8"]) == (there, 1 / there)


@pytest.mark.parametrize("way", measure_nearness.WAYS)
def test_every_minhash_meets_an_equal_text(way: str) -> None:
    sketch, meet = measure_nearness.WAYS[way]
    texts = measure_nearness.planted(6)
    assert (0, 3) in meet([sketch(words) for words in texts])


@pytest.mark.long
def test_every_way_that_is_here_runs(place: Path) -> None:
    record = Record(place / "build.jsonl", {"others": measure_build.installed()})
    measure_build.measure(30, (1, 1, 1), record, Limits())
    ways, why = measure_build.ways(measure_build.options(), record.head["others"])
    assert [one["way"] for one in record.rows] == [*why, *(one.name for one in ways)]
    assert all(one["written"] > 1000 for one in record.rows if not one.get("left_out") and not one["way"].startswith("floor"))
