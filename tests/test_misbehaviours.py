"""Each command that speaks to Label Studio, through a proxy that misbehaves: nothing twice, nothing lost, one sentence, and then done.

A few are played always, all of them under the mark long, on every kind of request; that test also writes tests/golden/misbehaviours.md.
"""

import json
import os
import re
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from corpus import store
from corpus.studio import client, connection, server
from corpus.studio.server import Server
from tests.conftest import ROOT, TOY
from tests.misbehaving import FAULTS, Elsewhere, Fault, Proxy, another_host, proxy
from tests.test_adjudicate import answered
from tests.test_adjudication import FIRST, SECOND, read

pytestmark = pytest.mark.studio

Run = Callable[..., tuple[int, str, str]]
TABLE = ROOT / "tests" / "golden" / "misbehaviours.md"
COMMANDS = ("push", "pull", "adjudicate push", "adjudicate pull")
WORDS = {
    "push": ("push",),
    "pull": ("pull",),
    "adjudicate push": ("adjudicate", "push", "toy_0001"),
    "adjudicate pull": ("adjudicate", "pull"),
}
PATIENCE = 4  # seconds that stand for the ten minutes which the client waits
THROUGH = "came through: what can be asked twice is asked again"
REQUESTS = {
    "who we are": lambda method, path: path.startswith("/api/current-user/whoami"),
    "the projects": lambda method, path: method == "GET" and path.startswith("/api/projects/?"),
    "a new project": lambda method, path: method == "POST" and path.partition("?")[0] == "/api/projects/",
    "the tasks": lambda method, path: path.startswith("/api/tasks/?"),
    "the import": lambda method, path: method == "POST" and "/import" in path,
    "the export": lambda method, path: method == "GET" and "/export" in path,
}


@dataclass(slots=True, kw_only=True)
class Ground:
    """The corpus, the command, the server behind the proxy: what each run is judged by."""

    root: Path
    run: Run
    home: Path
    server: Server
    proxy: Proxy
    elsewhere: Elsewhere
    sdk: Any

    def tasks(self) -> Counter[tuple[str, str]]:
        """Title of the project and document, as often as they stand on the server."""
        projects = list(self.sdk.projects.list())
        assert len({one.title for one in projects}) == len(projects)
        return Counter((one.title, task.data["document"]) for one in projects for task in self.sdk.tasks.list(project=one.id))

    def files(self) -> dict[str, bytes]:
        """All layers, and whatever else lies beside them."""
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in self.root.glob("annotations/toy_*/*")}

    def prepare(self, command: str, *, full: bool) -> tuple[Counter[tuple[str, str]], dict[str, bytes]]:
        """The state before the command, and what it must come to: tasks on the server, files here."""
        self.clear()
        shutil.rmtree(self.root)
        shutil.copytree(TOY, self.root)
        holdings = store.read(self.root).holdings
        for words, who in ((FIRST, "a3f1"), (SECOND, "4b22")):
            store.write_layer(self.root, read(words, who, holdings))
        if full or command == "pull":
            self.do("push")
        if full or command == "adjudicate pull":
            self.do("adjudicate push")
        if command == "adjudicate pull":
            self._adjudicate()
        if command.endswith("pull"):
            return self._before_a_pull(command)
        self.do(command)
        expected = self.tasks(), self.files()
        if not full:
            self.clear()
        return expected

    def do(self, command: str) -> None:
        code, out, err = self.run(*WORDS[command])
        assert code == 0, out + err

    def clear(self) -> None:
        for project in list(self.sdk.projects.list()):
            self.sdk.projects.delete(project.id)
        (self.home / "met.json").unlink(missing_ok=True)

    def _adjudicate(self) -> None:
        (project,) = (one for one in self.sdk.projects.list() if one.title == "CDA adjudication")
        (task,) = self.sdk.tasks.list(project=project.id, fields="all")
        made = answered({"data": task.data, "predictions": [dict(one) for one in task.predictions]}, "a3f1")
        self.sdk.annotations.create(task.id, result=made["annotations"][0]["result"])

    def _before_a_pull(self, command: str) -> tuple[Counter[tuple[str, str]], dict[str, bytes]]:
        """What a quiet pull writes is taken away again, with the memory of it."""
        before = self.files()
        pulled = [path for path in before if command == "pull" or path == "annotations/toy_0001/gold.json"]
        for path in pulled:
            (self.root / path).unlink()
        held = self.files()
        self.do(command)
        expected = self.tasks(), self.files()
        assert expected[1].keys() > held.keys()
        for path in expected[1].keys() - held.keys():
            (self.root / path).unlink()
        (self.home / "met.json").unlink(missing_ok=True)
        return expected


@pytest.fixture
def ground(toy: Path, corpus: Run, studio_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """On the server that all tests share: nothing is killed."""
    yield from _ground(toy, corpus, studio_home, monkeypatch)


@pytest.fixture
def mortal_ground(toy: Path, corpus: Run, studio_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    """On a server of its own, which may die."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    (home / "venv").symlink_to(studio_home / "venv", target_is_directory=True)
    server.start(home)
    yield from _ground(toy, corpus, home, monkeypatch)
    server.stop(home)


def _ground(toy: Path, corpus: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    import httpx
    from label_studio_sdk import LabelStudio

    found = server.running(home)
    assert found is not None
    monkeypatch.setattr("label_studio_sdk.core.http_client.INITIAL_RETRY_DELAY_SECONDS", 0.01)
    with proxy(found.url) as running, another_host() as elsewhere, httpx.Client(timeout=60, trust_env=False) as http:
        running.elsewhere = elsewhere.url
        running.kill = lambda: os.killpg(found.pid, signal.SIGKILL)
        monkeypatch.setenv("CORPUS_STUDIO_HOME", str(home))
        monkeypatch.setenv("LABEL_STUDIO_URL", running.url)
        monkeypatch.setenv("LABEL_STUDIO_API_KEY", found.token)
        sdk = LabelStudio(base_url=found.url, api_key=found.token, httpx_client=http)
        yield Ground(root=toy, run=corpus, home=home, server=found, proxy=running, elsewhere=elsewhere, sdk=sdk)
        running.fault = None


def outcome(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, name: str, command: str, suffering: Callable[[str, str], bool] | None = None
) -> tuple[str, str]:
    """What the command says under the fault, and what the next run says; every promise is held to on the way."""
    fault = FAULTS[name]
    expected_tasks, expected_files = ground.prepare(command, full=fault.of_lists)
    before = ground.files()
    deed = REQUESTS["the export" if command.endswith("pull") else "the import"]
    of_lists = lambda method, path: method == "GET" and re.search(r"[?&]page=2\b", path) is not None  # noqa: E731
    ground.proxy.suffers = suffering or (of_lists if fault.of_lists else deed)
    ground.proxy.lifted.clear()
    ground.proxy.fault = fault
    with monkeypatch.context() as patched:
        if fault.of_lists:
            patched.setattr(client, "PAGE", 1)
        if name == "slow":
            patched.setattr(connection, "TIMEOUT", PATIENCE)
        code, out, err = ground.run(*WORDS[command])
        ground.proxy.fault = None
        ground.proxy.lifted.set()
    first = sentence(ground, code, out, err)
    if name == "killed":
        server.start(ground.home, port=int(ground.server.url.rpartition(":")[2]))
    assert ground.elsewhere.heard == []
    assert ground.tasks() <= expected_tasks
    assert before.items() <= ground.files().items() <= expected_files.items()
    code, out, err = ground.run(*WORDS[command])
    assert (code, err) == (0, "") if not command.endswith("pull") else code == 0, out + err
    assert ground.tasks() == expected_tasks
    assert ground.files() == expected_files
    return first, "done" if not code else out


def sentence(ground: Ground, code: int, out: str, err: str) -> str:
    """The one sentence on standard error, with the address taken out; or that the command ended well all the same."""
    assert ground.server.token not in out + err
    assert "Traceback" not in out + err
    said = [line for line in err.splitlines() if not line.endswith("…")]
    assert (code, len(said)) in ((0, 0), (2, 1)), out + err
    if code == 0:
        return THROUGH
    words = said[0].partition(": ")[2].replace(ground.proxy.url, "SERVER").replace(ground.elsewhere.url, "ELSEWHERE")
    return words.replace(f"{PATIENCE} seconds", "600 seconds")


def row(name: str, command: str, said: tuple[str, str]) -> str:
    return f"| {name} | {FAULTS[name].what} | `corpus {command}` | {said[0]} | {said[1]} |"


@pytest.mark.parametrize(
    ("name", "command"),
    [
        ("502-after-commit", "push"), ("dropped-after", "push"), ("repeated-page", "push"), ("redirect", "push"),
        ("truncated", "pull"), ("bad-utf8", "pull"), ("shifted-page", "pull"), ("login-page", "adjudicate push"),
    ],
)  # fmt: skip
def test_what_happens_stands_in_the_table(ground: Ground, monkeypatch: pytest.MonkeyPatch, name: str, command: str) -> None:
    assert row(name, command, outcome(ground, monkeypatch, name, command)) in TABLE.read_text(encoding="utf-8").splitlines()


def test_a_push_that_broke_off_is_taken_up_where_it_was(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was sent before is not sent again, and the next run says so."""
    expected, _ = ground.prepare("push", full=False)
    imports = iter(range(100))
    ground.proxy.suffers = lambda method, path: REQUESTS["the import"](method, path) and next(imports) == 2
    ground.proxy.fault = FAULTS["dropped-before"]
    monkeypatch.setattr(client, "BATCH", 1)
    assert ground.run("push")[0] == 2
    ground.proxy.fault = None
    assert sum(ground.tasks().values()) == 2
    code, out, _ = ground.run("push")
    assert code == 0
    assert sum(int(sent) for sent in re.findall(r"(\d+) tasks? sent", out)) == sum(expected.values()) - 2
    assert ground.tasks() == expected


@pytest.mark.parametrize("deaf", [False, True])
@pytest.mark.parametrize("part", [1, 3])
def test_a_large_project_comes_in_parts(ground: Ground, monkeypatch: pytest.MonkeyPatch, part: int, deaf: bool) -> None:
    """Also from a server that does not hear which tasks are asked for, and gives them all each time."""
    _, expected = ground.prepare("pull", full=False)
    named = re.compile("ids%5B%5D=[0-9]+&?")
    whole = Fault(what="all tasks", play=lambda handler, body: handler.reply(handler.forwarded(body, named.sub("", handler.path))))
    ground.proxy.suffers = lambda method, path: deaf and "ids%5B%5D=" in path
    ground.proxy.fault = whole
    ground.proxy.asked.clear()
    monkeypatch.setattr(client, "WHOLE", 1)
    monkeypatch.setattr(client, "PART", part)
    code, out, err = ground.run("pull")
    assert code == 0, out + err
    assert ground.files() == expected
    assert out.endswith(f"{len(expected)} tasks: {len(expected)} changed\n")
    assert sum("ids%5B%5D=" in path for _, path in ground.proxy.asked) >= 2


def test_assigning_asks_no_server(ground: Ground) -> None:
    ground.proxy.asked.clear()
    code, out, _ = ground.run("assign", "--annotators", "a3f1", "4b22", "--each", "2")
    assert code == 0, out
    assert ground.proxy.asked == []


@pytest.mark.long
def test_every_misbehaviour_on_every_command(mortal_ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [row(name, command, outcome(mortal_ground, monkeypatch, name, command)) for name in FAULTS for command in COMMANDS]
    head = """# Misbehaviours between the SDK and Label Studio

Written by the long test of `tests/test_misbehaviours.py`, which plays each on the request that does the deed: the import of a push, the
export of a pull, or the pages of a list. After the first run no task stands twice and no file is half; after the next, without the fault,
every task and every layer stands there once. Nothing ever reaches another host, and the token stands in no message. `SERVER` is the address
in LABEL_STUDIO_URL, `ELSEWHERE` that of the other host. `corpus assign` asks no server.

| misbehaviour | what it is | command | the first run | the next run |
| --- | --- | --- | --- | --- |
"""
    TABLE.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if not fault.of_lists and name not in ("killed", "slow")])
@pytest.mark.parametrize("request_", REQUESTS)
def test_no_request_is_a_weak_place(ground: Ground, monkeypatch: pytest.MonkeyPatch, request_: str, name: str) -> None:
    """The same on each kind of request that a push and a pull make: what the promises are, outcome itself asserts."""
    for command in ("push", "pull"):
        if request_ not in ONLY or ONLY[request_] == command:
            outcome(ground, monkeypatch, name, command, REQUESTS[request_])


ONLY = {"a new project": "push", "the tasks": "push", "the import": "push", "the export": "pull"}


def test_the_table_is_of_all_of_them() -> None:
    """So a misbehaviour that was added, or a sentence that changed, is not forgotten there."""
    lines = [line.split(" | ") for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][2:]
    assert [(one[0].removeprefix("| "), one[2].strip("`").removeprefix("corpus ")) for one in lines] == [
        (name, command) for name in FAULTS for command in COMMANDS
    ]
    assert not [one for one in lines if json.dumps(one).count("Traceback")]
