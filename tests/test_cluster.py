"""A build on a Dask cluster: the bytes of one machine, though workers die; what cannot be done told in a sentence, and nothing left.

Schedulers and workers are real, processes of their own on loopback.
"""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pyarrow as pa
import pytest
from scripts import generate_exports

from corpus import cli, release
from corpus.problems import CorpusError
from corpus.release import NotClean, Plan, cluster, spreading
from corpus.release.delivering import cleared, delivered
from corpus.release.versions import versions
from tests.test_from_exports import PLAN, build, contents, lay

DASK = Path(sys.executable).with_name("dask")
LOOPBACK = ("--host", "127.0.0.1", "--no-dashboard", "--dashboard-address", "127.0.0.1:0")


class Cluster:
    """A scheduler with workers that no nanny brings back."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder, self.told = folder, folder / "scheduler.json"
        self.environment = {**os.environ, "DASK_TEMPORARY_DIRECTORY": str(folder)}
        self.scheduler = self._start("scheduler", "--port", "0", "--scheduler-file", str(self.told))
        self.workers = [self.worker() for _ in range(workers)]
        while not self.told.is_file():
            assert self.scheduler.poll() is None
            time.sleep(0.05)
        self.address = json.loads(self.told.read_text())["address"]

    def worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", "--scheduler-file", str(self.told), "--no-nanny", "--nthreads", "1")

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{time.monotonic_ns()}.log").open("wb") as log:
            return subprocess.Popen([str(DASK), *command, *LOOPBACK], stdout=log, stderr=log, env=self.environment, cwd=self.folder)

    def end(self) -> None:
        for one in (self.scheduler, *self.workers):
            one.kill()
            one.wait()


@contextmanager
def started(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    held = Cluster(folder, workers)
    try:
        yield held
    finally:
        held.end()


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with started(tmp_path_factory.mktemp("cluster")) as held:
        yield held


def on(address: str, workers: int | None = None) -> Plan:
    return replace(PLAN, cluster=address, workers=workers)


@pytest.mark.parametrize("documents", [200, pytest.param(2000, marks=pytest.mark.long)])
def test_a_cluster_gives_the_bytes_of_one_process(documents: int, two: Cluster, tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", documents, twice=5, copies=11, lines=True)
    lines = export.read_bytes().splitlines(keepends=True)
    export.write_bytes(b"".join(lines[: documents // 2]))
    packed = export.with_name("rest.jsonl.gz")
    packed.write_bytes(gzip.compress(b"".join(lines[documents // 2 :])))
    described = release.described([export.parent / "source.json"], export.parent / "annotators.json")
    for name, plan in {"here": PLAN, "cluster": on(two.address, 2)}.items():
        release.build_from([export, packed], described, plan, tmp_path / "out" / name)
    assert contents(tmp_path / "out/cluster") == contents(tmp_path / "out/here")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["cluster", "here"]


def test_so_does_a_tree(two: Cluster, tmp_path: Path) -> None:
    lay(tmp_path / "tree", 20, twice=2)
    release.build(tmp_path / "tree", PLAN, tmp_path / "out/here")
    release.build(tmp_path / "tree", on(two.address), tmp_path / "out/cluster")
    assert contents(tmp_path / "out/cluster") == contents(tmp_path / "out/here")


def test_workers_started_for_a_build_are_this_machine_s_own(tmp_path: Path) -> None:
    """They speak on loopback alone, encrypted, and are gone afterwards."""
    with cluster.chosen("local", 2, 0, [tmp_path]) as work:
        pids = {*work(_pid, range(8))}
        family = [psutil.Process(), *psutil.Process().children(recursive=True)]
        listening = [one.laddr.ip for process in family for one in process.net_connections("inet") if one.status == "LISTEN"]
        from distributed import default_client

        assert default_client().scheduler.address.startswith("tls://127.0.0.1:")
    assert os.getpid() not in pids
    assert {*listening} == {"127.0.0.1"}
    assert not any(psutil.pid_exists(pid) for pid in pids)


def _pid(_: int) -> int:
    time.sleep(0.05)
    return os.getpid()


@pytest.mark.long
def test_a_build_on_workers_started_for_it(tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 60, twice=2)
    build(export, tmp_path / "out/here")
    build(export, tmp_path / "out/local", on("local", 2))
    assert contents(tmp_path / "out/local") == contents(tmp_path / "out/here")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["here", "local"]


def test_faults_are_told_as_without_a_cluster(two: Cluster, tmp_path: Path) -> None:
    export = generate_exports.write(tmp_path / "made", 6, twice=0)
    tasks = json.loads(export.read_bytes())
    tasks[1]["data"]["text"] += "!"
    tasks[4]["data"]["annotator"] = "ffff"
    export.write_bytes(json.dumps(tasks).encode())
    told = []
    for plan in (PLAN, on(two.address)):
        with pytest.raises(NotClean) as fault:
            build(export, tmp_path / "out", plan)
        told.append(fault.value.problems)
    assert told[0] == told[1]
    assert not (tmp_path / "out").exists()


def test_a_worker_with_another_pyarrow_is_refused(two: Cluster, tmp_path: Path) -> None:
    """One whose first pyarrow on the path says that it is another."""
    export = generate_exports.write(tmp_path / "made", 4, twice=0)
    other = tmp_path / "other/pyarrow-25.0.0.dist-info/METADATA"
    other.parent.mkdir(parents=True)
    other.write_text("Metadata-Version: 2.1\nName: pyarrow\nVersion: 25.0.0\n")
    with started(tmp_path, 0) as strangers:
        strangers.environment["PYTHONPATH"] = str(tmp_path / "other")
        strangers.workers = [strangers.worker()]
        with pytest.raises(CorpusError) as told:
            build(export, tmp_path / "out", on(strangers.address))
    words = f"has pyarrow 25.0.0 where {pa.__version__} is here; the bytes would differ, so nothing was built"
    assert str(told.value).startswith("the worker at tcp://127.0.0.1:")
    assert str(told.value).endswith(words)
    assert not (tmp_path / "out").exists()


def test_one_that_joins_later_is_refused_with_its_first_job() -> None:
    own = versions()
    assert cluster._Task(work=len, job="abc", versions=own)() == 3
    with pytest.raises(CorpusError, match=r"a worker of the cluster has Python .* where 3\.9\.1 is here; the bytes would differ"):
        cluster._Task(work=len, job="abc", versions={**own, "Python": "3.9.1"})()


def test_what_no_worker_sees_is_told(two: Cluster, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"the worker at tcp://\S+ does not see /no/such/disk; a cluster needs a disk that all share"):
        next(iter(cluster.chosen(two.address, None, 0, [Path("/no/such/disk")]).__enter__()(len, ["a"])))
    with cluster.chosen(two.address, None, 0, [tmp_path]) as work, pytest.raises(CorpusError, match="does not see /no/such/file"):
        list(work(Path.read_bytes, [Path("/no/such/file")]))


def test_faults_of_use_are_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    export = generate_exports.write(tmp_path / "made", 2, twice=0)
    describing = ["--source", str(tmp_path / "made/source.json"), "--annotators", str(tmp_path / "made/annotators.json")]

    def told(address: str) -> str:
        assert cli.main(["-q", "-C", str(tmp_path), "build", "1.0.0", "--from", str(export), *describing, "--cluster", address]) == 2
        return capsys.readouterr().err

    assert "--cluster anywhere is no address; write tcp://HOST:PORT (or tls://…), or local" in told("anywhere")
    monkeypatch.setattr(cluster, "_CONNECTING", 1)
    assert "no scheduler answers at tcp://127.0.0.1:9: Timed out trying to connect" in told("tcp://127.0.0.1:9")
    assert "no scheduler answers at smoke://127.0.0.1:9: unknown address scheme 'smoke'" in told("smoke://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "distributed", None)  # what an import of an absent module meets
    assert '--cluster needs what is not installed: pip install "cda-corpus[cluster]"' in told("local")
    assert sorted(path.name for path in tmp_path.iterdir()) in (["made"], ["dist", "made"])
    assert not list(tmp_path.glob("dist/*"))


def test_shards_come_to_their_place_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents/a").write_bytes(b"half")
    with delivered(tmp_path) as first, delivered(tmp_path) as second:
        for one, data in ((first, b"whole"), (second, b"whole")):
            (one / "documents").mkdir()
            (one / "documents/a").write_bytes(data)
        assert (tmp_path / "documents/a").read_bytes() == b"half"
    assert contents(tmp_path).keys() == {"documents/a"}
    assert (tmp_path / "documents/a").read_bytes() == b"whole"
    with pytest.raises(IsADirectoryError), delivered(tmp_path) as apart:
        apart.write_bytes((apart / "b").write_bytes(b"half").to_bytes())
    monkeypatch.setattr(spreading, "_stop", None)
    spreading.stop_when(_Given())
    with delivered(tmp_path) as apart:
        (apart / "c").write_bytes(b"whole")
    shutil.copytree(tmp_path / "documents", tmp_path / ".writing-dead")
    cleared(tmp_path)
    assert contents(tmp_path).keys() == {"documents/a"}


class _Given:
    def is_set(self) -> bool:
        return True


def running(made: Path, out: Path, address: str) -> subprocess.Popen[str]:
    described = ["--source", str(made / "source.json"), "--annotators", str(made / "annotators.json"), "--out", str(out)]
    program = [sys.executable, "-m", "corpus", "build", "1.0.0", "--from", str(made / "export.json"), *described, "--workers", "2"]
    return subprocess.Popen([*program, "--cluster", address], stderr=subprocess.PIPE, text=True, start_new_session=True)


def wait_for_writing(process: subprocess.Popen[str], out: Path) -> None:
    """Until two shards are being written."""
    while len([*out.parent.glob(f".{out.name}.staged/.writing-*")]) < 2:
        assert process.poll() is None
        time.sleep(0.01)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate_exports.write(tmp_path_factory.mktemp("large"), 1500, twice=0).parent


@pytest.mark.long
def test_a_worker_that_is_killed_changes_no_byte(large: Path, tmp_path: Path) -> None:
    with started(tmp_path) as held:
        process = running(large, tmp_path / "out/cluster", held.address)
        wait_for_writing(process, tmp_path / "out/cluster")
        held.workers[0].kill()
        _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "building cluster …\n")
    build(large / "export.json", tmp_path / "out/here")
    assert contents(tmp_path / "out/cluster") == contents(tmp_path / "out/here")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["cluster", "here"]


@pytest.mark.long
def test_a_part_that_ends_every_worker_ends_the_build() -> None:
    with (
        pytest.raises(
            CorpusError, match=r"a part of the build ended 4 workers, the last at tls://\S+, perhaps for want of memory; nothing"
        ),
        cluster.chosen("local", 2, 0, []) as work,
    ):
        list(work(os._exit, [1]))


@pytest.mark.long
def test_the_loss_of_the_scheduler_is_told_in_a_sentence_and_leaves_nothing(large: Path, tmp_path: Path) -> None:
    with started(tmp_path) as held:
        process = running(large, tmp_path / "out/cluster", held.address)
        wait_for_writing(process, tmp_path / "out/cluster")
        held.scheduler.kill()
        _, err = process.communicate(timeout=120)
    told = f"corpus build: the scheduler of the cluster ({held.address}) was lost; nothing was built\n"
    assert (process.returncode, err) == (2, "building cluster …\n" + told)
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.long
@pytest.mark.parametrize("where", ["local", "cluster"])
def test_ctrl_c_leaves_nothing(where: str, large: Path, tmp_path: Path) -> None:
    with started(tmp_path) as held:
        process = running(large, tmp_path / "out/cluster", "local" if where == "local" else held.address)
        wait_for_writing(process, tmp_path / "out/cluster")
        family = psutil.Process(process.pid).children(recursive=True)
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=120)
        assert process.returncode == 130
        assert err.splitlines()[1:] == ["corpus build: stopped; what was finished stands, nothing is half written"]
        assert not list((tmp_path / "out").iterdir())
        assert not psutil.wait_procs(family, timeout=20)[1]
        build(large / "export.json", tmp_path / "out/next", replace(on(held.address), configs=("documents",)))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["next"]
