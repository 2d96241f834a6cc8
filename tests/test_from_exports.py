"""A release straight from exports: the bytes of the tree's build, in any layout and any number of processes; faults told; nothing left."""

import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pytest
from scripts import generate_exports

from corpus import cli, codec, release, store, tables
from corpus.problems import CorpusError
from corpus.release import NotClean, Plan, indexing, ranging
from tests.conftest import ROOT

PLAN = Plan(version="1.0.0", workers=1)
Damage = Callable[[list[dict[str, Any]]], None]


def contents(folder: Path, suffix: str = "") -> dict[str, str]:
    files = (path for path in sorted(folder.rglob(f"*{suffix}")) if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def build(export: Path, out: Path, plan: Plan = PLAN, *, near: bool = True) -> release.Manifest:
    described = release.described([export.parent / "source.json"], export.parent / "annotators.json")
    return release.build_from([export], described, plan, out, near=near)


def lay(root: Path, documents: int, twice: int) -> None:
    """The tree of which an export is made."""
    store.write(root / "raw/made/source.json", codec.canonical(codec.source_to_json(generate_exports.SOURCE)))
    store.write(root / store.ANNOTATORS, codec.canonical(generate_exports.annotators()))
    from corpus import export
    from corpus.model import Holdings

    annotators = {one.id: one for one in codec.annotators_from_json(generate_exports.annotators())}
    for task in generate_exports.tasks(documents, 1, twice, 0):
        document = generate_exports.document(task["data"]["text"], int(task["data"]["document"][5:]))
        holdings = Holdings(sources={"made": generate_exports.SOURCE}, documents={document.id: document}, annotators=annotators, layers={})
        layer = export.from_export(json.loads(json.dumps(task)), "x", holdings).layer
        assert layer is not None
        store.write_document(root, document)
        store.write_layer(root, layer)


@pytest.mark.parametrize("documents", [60, pytest.param(2000, marks=pytest.mark.long)])
def test_all_paths_give_equal_bytes(documents: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tree or exports, array or lines, plain or compressed, found at once or in stretches, one process or two or three."""
    export = generate_exports.write(tmp_path / "made", documents, twice=5)
    lay(tmp_path / "tree", documents, twice=5)
    lines = generate_exports.write(tmp_path / "lines", documents, twice=5, lines=True)
    packed = shutil.copytree(export.parent, tmp_path / "packed") / "export.json.gz"
    packed.write_bytes(gzip.compress(export.read_bytes()))
    frames = packed.with_name("export.jsonl.zst")
    with pa.OSFile(str(frames), "wb") as file, pa.CompressedOutputStream(file, "zstd") as stream:
        stream.write(lines.read_bytes())
    whole = build(export, tmp_path / "out/one")
    for name, made in {"lines": lines, "gz": packed, "zst": frames}.items():
        assert build(made, tmp_path / f"out/{name}").digest == whole.digest
    build(export, tmp_path / "out/two", Plan(version="1.0.0", workers=2))
    assert contents(tmp_path / "out/two") == contents(tmp_path / "out/one")
    monkeypatch.setattr(ranging, "_STRETCH", 50_000)
    monkeypatch.setattr(indexing, "LARGE", 0)
    build(lines, tmp_path / "out/stretches", Plan(version="1.0.0", workers=2))
    release.build(tmp_path / "tree", Plan(version="1.0.0", workers=1), tmp_path / "out/tree")
    release.build(tmp_path / "tree", Plan(version="1.0.0", workers=3), tmp_path / "out/tree3")
    assert contents(tmp_path / "out/tree") == contents(tmp_path / "out/tree3")
    shards = contents(tmp_path / "out/one", ".parquet")
    assert len(shards) > 20
    assert all(contents(folder, ".parquet") == shards for folder in (tmp_path / "out").iterdir())
    assert release.verified(tmp_path / "out/one")[1] == []
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"one", "lines", "gz", "zst", "two", "stretches", "tree", "tree3"}


def test_row_groups_are_the_same_however_rows_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.tables.shards.ROW_GROUP", {"annotations": 7})
    rows = [{"document": f"d{nth}", "text_sha256": "0" * 64} for nth in range(40)]
    tables.parquet("annotations", rows, tmp_path / "whole.parquet")
    writer = tables.Writer("annotations", tmp_path / "parts.parquet")
    for at in (0, 1, 3, 20, 21):
        end = {0: 1, 1: 3, 3: 20, 20: 21, 21: 40}[at]
        [some] = tables.table("annotations", rows[at:end]).to_batches()
        writer.write(some)
    writer.close()
    assert (tmp_path / "whole.parquet").read_bytes() == (tmp_path / "parts.parquet").read_bytes()
    assert [row["document"] for row in tables.rows_in("annotations", tmp_path / "parts.parquet")] == [row["document"] for row in rows]


def _other_text(tasks: list[dict[str, Any]]) -> None:
    tasks[1]["data"]["text"] += "!"


def _moved(tasks: list[dict[str, Any]]) -> None:
    tasks[2]["annotations"][0]["result"][0]["value"]["start"] = 99_999


def _stranger(tasks: list[dict[str, Any]]) -> None:
    tasks[0]["data"]["annotator"] = "ffff"


def _without_text(tasks: list[dict[str, Any]]) -> None:
    del tasks[1]["data"]["text"]


def _nobody(tasks: list[dict[str, Any]]) -> None:
    del tasks[1]["data"]["document"]


def _other_facts(tasks: list[dict[str, Any]]) -> None:
    tasks[1] = {**tasks[0], "data": {**tasks[0]["data"], "outlet": "The Other Post", "annotator": "c1b1"}}


def _bad_fact(tasks: list[dict[str, Any]]) -> None:
    tasks[1]["data"]["date"] = "yesterday"


def _rival(tasks: list[dict[str, Any]]) -> None:
    tasks.append(json.loads(json.dumps(tasks[0])))
    tasks[-1]["annotations"][0]["result"] = tasks[-1]["annotations"][0]["result"][:-1]


def _unused(tasks: list[dict[str, Any]]) -> None:
    held = tasks[0]["annotations"][0]["result"]
    tasks[0]["annotations"][0]["result"] = [row for row in held if row["type"] != "relation"]


@pytest.mark.parametrize(
    ("damage", "check", "place"),
    [
        (_other_text, "text-matches-record", "/1/data/text_sha256"),
        (_moved, "offsets-are-in-text", "/2/annotations/0/result/0/value"),
        (_stranger, "annotator-is-known", "/0/data/annotator"),
        (_without_text, "included-text-is-there", "/1/data"),
        (_nobody, "matches-schema", "/1/data"),
        (_other_facts, "document-id-is-unique", "/1/data/document"),
        (_bad_fact, "matches-schema", "/1/data/date"),
        (_rival, "one-layer-per-annotator", "/5"),
        (_unused, "source-and-cue-are-used", "/mentions/"),
    ],
)
def test_a_fault_is_told_with_its_place_and_nothing_is_built(damage: Damage, check: str, place: str, tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 5, twice=0)
    tasks = json.loads(export.read_bytes())
    damage(tasks)
    export.write_bytes(json.dumps(tasks).encode())
    with pytest.raises(NotClean, match="in the exports; nothing was built") as told:
        build(export, tmp_path / "out")
    found = [one for one in told.value.problems if one.check == check]
    assert found, told.value.problems
    assert all(one.where.startswith(str(export)) and place in one.pointer for one in found)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["made"]


def test_faults_of_many_tasks_are_told_together(tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 5, twice=0)
    tasks = json.loads(export.read_bytes())
    _other_text(tasks)
    _moved(tasks)
    _stranger(tasks)
    export.write_bytes(json.dumps(tasks).encode())
    with pytest.raises(NotClean) as told:
        build(export, tmp_path / "out", Plan(version="1.0.0", workers=2))
    assert {one.pointer.split("/")[1] for one in told.value.problems} == {"0", "1", "2"}


def test_an_equal_task_twice_is_one(tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 5, twice=0)
    once = build(export, tmp_path / "once")
    tasks = json.loads(export.read_bytes())
    export.write_bytes(json.dumps([*tasks, *tasks]).encode())
    assert build(export, tmp_path / "again").digest == once.digest


def test_copies_share_a_story_and_a_split(tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 30, twice=0, copies=3)
    held = build(export, tmp_path / "out")
    for nth in range(2, 30, 3):
        assert held.splits[f"made_{nth:07d}"] == held.splits[f"made_{nth - 2:07d}"]
    rows = [row for path in (tmp_path / "out/documents").iterdir() for row in tables.rows_in("documents", path)]
    assert {row["story"] for row in rows if row["document"] == "made_0000002"} == {"made_0000000"}
    assert {row["story"] for row in rows if row["document"] == "made_0000001"} == {None}
    assert build(export, tmp_path / "given", near=False).digest != held.digest


def test_copies_that_name_two_stories_are_a_fault(tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 3, twice=0, copies=3)
    tasks = json.loads(export.read_bytes())
    tasks[0]["data"]["story"], tasks[2]["data"]["story"] = "fire", "flood"
    export.write_bytes(json.dumps(tasks).encode())
    with pytest.raises(NotClean) as told:
        build(export, tmp_path / "out")
    assert [one.check for one in told.value.problems] == ["near-duplicates-share-a-story"]


def test_what_is_left_out_or_trimmed_is_told(tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 4, twice=0)
    tasks = json.loads(export.read_bytes())
    tasks[0]["annotations"][0]["was_cancelled"] = True
    tasks[1]["annotations"] = []
    region = tasks[2]["annotations"][0]["result"][0]["value"]
    region["end"] += 1
    region["text"] += " "
    export.write_bytes(json.dumps(tasks).encode())
    told: list[str] = []
    described = release.described([export.parent / "source.json"], export.parent / "annotators.json")
    held = release.build_from([export], described, PLAN, tmp_path / "out", tell=told.append)
    assert sorted(held.documents) == ["made_0000002", "made_0000003"]
    assert told == ["2 documents without a finished annotation, left out", "1 spans with a blank at an edge, trimmed"]


def test_one_config_alone(tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 20, twice=0)
    build(export, tmp_path / "out", Plan(version="1.0.0", workers=1, configs=("documents",)))
    assert {path.parent.name for path in (tmp_path / "out").rglob("*.parquet")} == {"documents"}
    assert release.verified(tmp_path / "out")[1] == []


def test_readings_that_may_not_be_passed_on_are_built_for_own_use_only(tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 20, twice=0)
    source = replace(generate_exports.SOURCE, annotation_licence="none given")
    store.write(export.parent / "source.json", codec.canonical(codec.source_to_json(source)))
    with pytest.raises(CorpusError, match=r"annotations of made may not be passed on \(licence: none given\)"):
        build(export, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    made = build(export, tmp_path / "out", replace(PLAN, all_texts=True))
    assert made.terms is not None
    assert made.terms["made"]["annotations"] == "none given"


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export = generate_exports.write(tmp_path / "made", 8, twice=1)
    command = ["-C", str(tmp_path), "build", "1.0.0", "--from", str(export)]
    assert cli.main(command) == 2
    assert "name it with --source FILE" in capsys.readouterr().err
    described = ["--source", str(tmp_path / "made/source.json"), "--annotators", str(tmp_path / "made/annotators.json")]
    assert cli.main([*command, *described]) == 0
    assert cli.main(["verify", str(tmp_path / "dist/cda-corpus-1.0.0")]) == 0
    export.write_bytes(b'{"no": "task"}')
    capsys.readouterr()
    assert cli.main([*command, *described]) == 2
    told = capsys.readouterr()
    assert "[matches-schema]" in told.out
    assert "nothing was built" in told.err
    assert sorted(path.name for path in (tmp_path / "dist").iterdir()) == ["cda-corpus-1.0.0"]


def running(made: Path, out: Path) -> subprocess.Popen[str]:
    """A build in two processes that takes seconds, in a group of its own."""
    described = ["--source", str(made / "source.json"), "--annotators", str(made / "annotators.json")]
    program = [sys.executable, "-m", "corpus", "build", "1.0.0", "--from", str(made / "export.json"), *described, "--workers", "2"]
    return subprocess.Popen([*program, "--out", str(out)], stderr=subprocess.PIPE, text=True, start_new_session=True)


def workers_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """Its two workers, once they work."""
    for _ in range(600):
        found = psutil.Process(process.pid).children()
        if len(found) == 2 and all(one.cpu_times().user > 0.5 for one in found):
            return found
        time.sleep(0.05)
    raise AssertionError("no workers came up")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_exports.write(tmp_path_factory.mktemp("large"), 3000, twice=0).parent


@pytest.mark.long
def test_a_dead_worker_is_told_in_a_sentence_and_leaves_nothing(large: Path, tmp_path: Path) -> None:
    process = running(large, tmp_path / "out")
    first, second = workers_of(process)
    first.kill()
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "a process of the build was killed" in err.splitlines()[-1]
    assert "Traceback" not in err
    assert not list(tmp_path.iterdir())
    assert not second.is_running() or second.status() == psutil.STATUS_ZOMBIE


@pytest.mark.long
def test_ctrl_c_leaves_nothing(large: Path, tmp_path: Path) -> None:
    process = running(large, tmp_path / "out")
    workers = workers_of(process)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, "stopped" in err, "Traceback" in err) == (130, True, False)
    assert not list(tmp_path.iterdir())
    assert not any(one.is_running() for one in workers)


@pytest.mark.long
def test_workers_end_with_the_process_that_started_them(large: Path, tmp_path: Path) -> None:
    process = running(large, tmp_path / "out")
    workers = workers_of(process)
    process.kill()
    process.communicate(timeout=60)
    psutil.wait_procs(workers, timeout=20)
    assert not any(one.is_running() for one in workers)
    build(large / "export.json", tmp_path / "out", Plan(version="1.0.0", configs=("documents",)), near=False)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_generator_is_the_same_every_time(tmp_path: Path) -> None:
    first, second = (generate_exports.write(tmp_path / name, 12).read_bytes() for name in ("a", "b"))
    assert first == second
    assert (ROOT / "scripts/generate_exports.py").is_file()
