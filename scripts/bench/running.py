"""Runs a way in processes of its own, and measures them from outside: seconds, work of processors, memory, bytes left."""

import contextlib
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

PLACE = Path(__file__).parents[2] / ".bench"  # git-ignored: exports, environments, what is measured so far
_TOO_MUCH = 0.9  # of the machine's memory; a way that has more is stopped


class Failed(Exception):
    """A way did not finish; says why."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to do it: its name in the tables, and its command with {made} and {out} for folders.

    `weight` says how many rounds it gets: 0 for what is compared first, 1 for others, 2 for those that take minutes.
    """

    name: str
    command: Sequence[str]
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of all processes of a tree at one time: what they hold (shared pages counted once), and of it what is not a file's."""

    held: int = 0
    own: int = 0


def measured(way: Way, **places: str) -> tuple[dict[str, Any], str]:
    """Run a way once, in an empty folder; its figures, and the last line that it printed."""
    PLACE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PLACE, prefix="run-") as folder:
        (Path(folder) / "out").mkdir()
        command = [one.format(out=folder, **places) for one in way.command]
        before = worked()
        seconds, most, printed = watched(way.name, command, folder)
        written = sum(path.stat().st_size for path in (Path(folder) / "out").rglob("*") if path.is_file())
    figures = {"seconds": round(seconds, 4), "worked": round(worked() - before, 4), "memory": most.held, "own": most.own}
    return figures | {"written": written}, printed.strip().rpartition("\n")[2]


def watched(name: str, command: Sequence[str], folder: str) -> tuple[float, Memory, str]:
    """Seconds from start to end, the most memory at any look, standard output; looks become rarer, for they cost time themselves."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # with it all is compiled at each start
    env |= {"HF_HOME": f"{folder}/hf", "HF_HUB_OFFLINE": "1", "PYTHONWARNINGS": "ignore"}
    with (
        tempfile.TemporaryFile("w+") as out,
        tempfile.TemporaryFile("w+") as err,
        subprocess.Popen(command, env=env, cwd=folder, stdout=out, stderr=err, text=True) as process,
    ):
        start, most = time.perf_counter(), Memory()
        try:
            while (waited := _ended(process, start)) is None:
                now = memory_of(process.pid)
                most = Memory(max(most.held, now.held), max(most.own, now.own))
                if most.held > _TOO_MUCH * psutil.virtual_memory().total:
                    raise Failed(f"was stopped when it held {most.held / 1e9:.0f} GB")
        except BaseException:
            _stop(process)
            raise
        out.seek(0)
        err.seek(0)
        if process.returncode:
            raise SystemExit(f"{name} failed: {err.read().strip()[-1500:]}")
        return waited, most, out.read()


def _ended(process: subprocess.Popen[str], start: float) -> float | None:
    """Seconds that it took, once it has ended; waits for that a fiftieth of what it has taken, a quarter of a second at the most."""
    try:
        process.wait(timeout=min(0.25, max(0.02, (time.perf_counter() - start) / 50)))
    except subprocess.TimeoutExpired:
        return None
    return time.perf_counter() - start


def _stop(process: subprocess.Popen[str]) -> None:
    """With its children; what has ended already is no matter."""
    with contextlib.suppress(psutil.NoSuchProcess):
        for one in psutil.Process(process.pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()
    process.kill()


def worked() -> float:
    """Seconds of processors that all finished children have had."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory_of(pid: int) -> Memory:
    """What a process and its children hold now."""
    try:
        process = psutil.Process(pid)
        each = [_of_one(one) for one in (process, *process.children(recursive=True))]
    except psutil.NoSuchProcess:
        return Memory()
    return Memory(sum(one.held for one in each), sum(one.own for one in each))


def _of_one(process: psutil.Process) -> Memory:
    """Proportional set size as the kernel sums it; where it does not (not Linux) resident set size, which counts shared pages twice."""
    try:
        lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    except OSError:
        try:
            resident = process.memory_info().rss
        except psutil.Error:
            return Memory()
        return Memory(resident, resident)
    sizes: Mapping[str, int] = {line.partition(":")[0]: int(line.split()[1]) * 1024 for line in lines}
    return Memory(sizes["Pss"], sizes.get("Pss_Anon", sizes["Pss"]))
