"""A build that is stopped or fails anywhere leaves the old release or the new one, whole; the next run finishes and leaves nothing over."""

import errno
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus import cli, manifest, release, store
from corpus.release import Plan
from corpus.release.verifying import verified
from tests.conftest import TOY

# Every step that changes the disk: each is a moment at which a build may end.
COUNTED = """
import os, signal, sys
from pathlib import Path
from corpus import release, tables
from corpus.release import Plan, appearing

root, out, version, fatal = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
steps = 0

def counted(call):
    def wrapped(*args, **kwargs):
        global steps
        steps += 1
        if steps == fatal:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    return wrapped

os.fsync, os.rename, os.replace = counted(os.fsync), counted(os.rename), counted(os.replace)
tables.parquet, Path.write_bytes = counted(tables.parquet), counted(Path.write_bytes)
appearing._exchanged, appearing.shutil.rmtree = counted(appearing._exchanged), counted(appearing.shutil.rmtree)
release.build(root, Plan(version=version), out)
print(steps)
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A release 1.0.0 that stands where the next is to appear."""
    out: Path = tmp_path / "dist" / "cda"
    release.build(TOY, Plan(version="1.0.0"), out)
    return out


def stands(out: Path) -> str:
    """The version that stands there, whole."""
    found, problems = verified(out)
    assert problems == []
    assert found is not None
    return found.version


def built_in_a_process(out: Path, fatal: int) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-c", COUNTED, str(TOY), str(out), "1.1.0", str(fatal)]
    return subprocess.run(program, capture_output=True, text=True, check=False)


@pytest.mark.long
def test_killed_at_each_step_it_leaves_one_whole_release(old: Path) -> None:
    steps = int(built_in_a_process(old, 0).stdout)
    assert steps > 60
    seen = set()
    for fatal in range(1, steps + 1):
        release.build(TOY, Plan(version="1.0.0"), old)
        assert built_in_a_process(old, fatal).returncode == -signal.SIGKILL
        seen.add(stands(old))
    assert seen == {"1.0.0", "1.1.0"}
    release.build(TOY, Plan(version="1.1.0"), old)
    assert (stands(old), [path.name for path in old.parent.iterdir()]) == ("1.1.0", ["cda"])


@pytest.mark.long
def test_killed_at_random_moments_it_leaves_one_whole_release(old: Path) -> None:
    chance = random.Random(7)  # noqa: S311 - moments, not secrets
    started = time.monotonic()
    built_in_a_process(old, 0)
    whole = time.monotonic() - started  # of a build on this machine, so that the moments lie within one
    for _ in range(40):
        program = [sys.executable, "-c", COUNTED, str(TOY), str(old), "1.1.0", "0"]
        running = subprocess.Popen(program, stdout=subprocess.DEVNULL)
        try:
            running.wait(timeout=whole * (0.3 + 0.7 * chance.random()))
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
        assert stands(old) in ("1.0.0", "1.1.0")
    release.build(TOY, Plan(version="1.2.0"), old)
    assert (stands(old), [path.name for path in old.parent.iterdir()]) == ("1.2.0", ["cda"])


STEPS: dict[str, tuple[Any, str]] = {
    "a shard": (release.sharding, "Writer"),
    "a paper": (Path, "write_bytes"),
    "the sync": (os, "fsync"),
    "the rename": (release.appearing, "_exchanged"),
    "the staged folder": (Path, "mkdir"),
}
FAILURES = {"disk full": errno.ENOSPC, "disk broken": errno.EIO, "read only": errno.EROFS, "not allowed": errno.EACCES}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("step", STEPS)
def test_a_disk_that_fails_is_named_and_the_old_release_stands(
    step: str, failure: str, old: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where, name = STEPS[step]
    with monkeypatch.context() as failing:
        failing.setattr(where, name, _failing(getattr(where, name), FAILURES[failure], old.parent))
        code = cli.main(["-C", str(TOY), "build", "1.1.0", "--no-cache", "--out", str(old)])
    assert code == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert os.strerror(FAILURES[failure]) in told
    assert "Traceback" not in told
    assert stands(old) == "1.0.0"
    assert [path.name for path in old.parent.iterdir()] == ["cda"]


def _failing(call: Callable[..., Any], number: int, below: Path) -> Callable[..., Any]:
    def failed(*args: Any, **kwargs: Any) -> Any:
        raise OSError(number, os.strerror(number), str(below / "cda"))

    return failed


def test_a_file_that_may_not_grow_is_a_real_full_disk(old: Path) -> None:
    """RLIMIT_FSIZE makes the kernel itself refuse the bytes."""
    program = [sys.executable, "-m", "corpus", "-C", str(TOY), "build", "1.1.0", "--no-cache", "--out", str(old)]
    done = subprocess.run(program, capture_output=True, text=True, check=False, preexec_fn=_may_write_little)
    assert done.returncode == 2
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert stands(old) == "1.0.0"


def _may_write_little() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))


def test_the_manifest_of_a_staged_folder_is_never_taken_for_a_release(old: Path) -> None:
    staged = release.appearing.staged_beside(old)
    store.write(staged / "README.md", b"half")
    assert manifest.manifest_of(old).version == "1.0.0"
    release.build(TOY, Plan(version="1.1.0"), old)
    assert [path.name for path in old.parent.iterdir()] == ["cda"]
