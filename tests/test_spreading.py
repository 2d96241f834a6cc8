"""Processes that come out of the first one, and when they may not; and a command that has a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from scripts import generate_exports

from corpus import cli
from corpus.release import spreading

# What the programs below share: a module that only the first process knows is a mark of what came out of it.
HEAD = """
import multiprocessing, os, signal, sys, threading, types
os.environ |= {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}
from corpus.release import spreading
def has_mark(_):
    import importlib
    try:
        return bool(importlib.import_module("mark"))
    except ModuleNotFoundError:
        return False
def blocked(_):
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []) or signal.getsignal(signal.SIGINT) is signal.SIG_IGN
"""
linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere processes are started anew")


def told(folder: Path, program: str) -> str:
    """What a program prints. It is a file, for processes that are started anew import it; its warnings are errors, as here."""
    file = folder / "program.py"
    lines = ('sys.modules["mark"] = types.ModuleType("mark")\n' + program.strip()).replace("\n", "\n    ")
    file.write_text(f"{HEAD}\nif __name__ == '__main__':\n    {lines}\n", encoding="utf-8")
    done = subprocess.run([sys.executable, "-W", "error", str(file)], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


@linux
def test_ready_processes_come_out_of_this_one(tmp_path: Path) -> None:
    program = """
spreading.ready(2)
children = multiprocessing.active_children()
print(len(children), signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))
with spreading.spread(2) as spread:
    print(set(spread(has_mark, range(6))), set(spread(blocked, range(6))), multiprocessing.active_children() == children)
with spreading.spread(2) as spread:
    print(set(spread(has_mark, range(6))))
print(multiprocessing.active_children())"""
    assert told(tmp_path, program).splitlines() == ["2 False", "{True} {True} True", "{False}", "[]"]


def test_a_process_of_several_threads_is_not_copied(tmp_path: Path) -> None:
    program = """
held = threading.Event()
threading.Thread(target=held.wait).start()
spreading.ready(2)
print(multiprocessing.active_children())
with spreading.spread(2) as spread:
    print(set(spread(has_mark, range(6))))
held.set()"""
    assert told(tmp_path, program).splitlines() == ["[]", "{False}"]


@linux
def test_ready_processes_that_are_too_many_end(tmp_path: Path) -> None:
    program = """
spreading.ready(3)
print(len(multiprocessing.active_children()))
with spreading.spread(2) as spread:
    print(len(multiprocessing.active_children()), sorted(spread(abs, range(-2, 0))))
spreading.ready(1)
print(multiprocessing.active_children())"""
    assert told(tmp_path, program).splitlines() == ["3", "0 [1, 2]", "[]"]


@linux
def test_ready_processes_that_nothing_was_given_to_end_with_this_one(tmp_path: Path) -> None:
    program = """
spreading.ready(2)
print(*[one.pid for one in multiprocessing.active_children()])"""
    for pid in map(int, told(tmp_path, program).split()):
        assert not Path(f"/proc/{pid}").exists()


def arguments(folder: Path, *more: str) -> list[str]:
    export = generate_exports.write(folder / "made", 20, twice=1)
    described = ["--source", str(export.parent / "source.json"), "--annotators", str(export.parent / "annotators.json")]
    return ["-q", "build", "1.0.0", "--from", str(export), *described, "--no-cache", "--out", str(folder / "out"), *more]


PROCESS = (
    "import sys; from corpus import cli; code = cli.process(); print(code, [name for name in ('pandas', 'pyarrow') if name in sys.modules])"
)


def test_commands_that_have_their_process_to_themselves_do_without_pandas(tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    for command in (
        arguments(tmp_path, "--workers", "1"),
        arguments(tmp_path, "--workers", "2"),
        ["-q", "verify", out],
        ["-q", "diff", out, out],
    ):
        done = subprocess.run([sys.executable, "-c", PROCESS, *command], capture_output=True, text=True, timeout=120)
        assert (done.stdout.splitlines()[-1], done.stderr) == ("0 ['pyarrow']", ""), command


def test_a_build_that_has_not_leaves_the_process_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "ready", lambda workers: pytest.fail("it is not asked for"))
    finders, environment = list(sys.meta_path), dict(os.environ)
    assert cli.main(arguments(tmp_path)) == 0
    assert sys.meta_path[: len(finders)] == finders  # six adds one of its own at the end
    assert dict(os.environ) == environment
