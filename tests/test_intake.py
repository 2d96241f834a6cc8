"""What a pull does with tasks, whatever brought them: servers are told apart, kills leave whole files, nobody's address gets in."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from corpus import codec, intake, store, tasks
from tests.conftest import TOY
from tests.test_export import exported

Run = Callable[..., tuple[int, str, str]]
Task = dict[str, Any]
LAYER = "annotations/toy_0001/a3f1.json"


@pytest.fixture(autouse=True)
def _remembers_in_its_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CORPUS_STUDIO_HOME", raising=False)


def of_a_server(root: Path, *, project: int, day: str, only: str | None = None) -> list[Task]:
    """The layers of a corpus as a server exports them that was sent them on that day."""
    holdings = store.read(root).holdings
    made = []
    for path, layer in sorted(holdings.layers.items()):
        if only in (None, path):
            task = tasks.to_task(holdings.documents[layer.document], layer.annotator, layer.guidelines, layer, made_from=layer.made_from)
            made.append(exported(task) | {"id": 100 + len(made), "project": project, "created_at": f"{day}T09:00:00.123456Z"})
    return made


def changed(task: Task, old: str, new: str) -> Task:
    """The task after somebody chose another value on the page; the data beside the annotation is as it was sent."""
    text = json.dumps(task["annotations"])
    assert f'"{old}"' in text
    return task | {"annotations": json.loads(text.replace(f'"{old}"', f'"{new}"', 1))}


def pulled(corpus: Run, root: Path, made: list[Task], *options: str) -> tuple[int, str, str]:
    path = root.parent / "export.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    return corpus("pull", str(path), *options)


def layers(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.glob("annotations/toy_*/*"))}


def test_two_servers_used_from_one_folder_are_told_apart(corpus: Run, toy: Path) -> None:
    """The second still holds the layer as it was sent; what was changed on the first must not be undone by it."""
    (first,) = of_a_server(toy, project=1, day="2026-01-01", only=LAYER)
    (second,) = of_a_server(toy, project=1, day="2026-01-02", only=LAYER)
    assert pulled(corpus, toy, [changed(first, "attributed_to_other", "none")])[0] == 0
    mine = (toy / LAYER).read_bytes()
    assert mine != (TOY / LAYER).read_bytes()
    code, out, _ = pulled(corpus, toy, [second])
    assert (toy / LAYER).read_bytes() == mine
    assert (code, f"kept {LAYER}" in out) == (0, True)


def test_one_server_is_known_again(corpus: Run, toy: Path) -> None:
    (task,) = of_a_server(toy, project=1, day="2026-01-01", only=LAYER)
    blank = task | {"data": task["data"] | {"layer_sha256": None}}
    (toy / LAYER).unlink()
    assert pulled(corpus, toy, [blank])[0] == 0
    code, out, _ = pulled(corpus, toy, [changed(blank, "attributed_to_other", "none")])
    assert (code, out) == (0, f"changed {LAYER}\n1 task: 1 changed\n")


# Every step that changes the disk: each is a moment at which a pull may be killed.
COUNTED = """
import os, signal, sys, threading
from pathlib import Path
from corpus import cli
steps, fatal, one = 0, int(sys.argv[3]), threading.Lock()

def counted(call):
    def wrapped(*args, **kwargs):
        global steps
        with one:
            steps += 1
            if steps == fatal:
                os.kill(os.getpid(), signal.SIGKILL)
        return call(*args, **kwargs)
    return wrapped

os.fsync, Path.replace, Path.chmod, Path.mkdir = counted(os.fsync), counted(Path.replace), counted(Path.chmod), counted(Path.mkdir)
code = cli.main(["-C", sys.argv[1], "pull", sys.argv[2], "-q"])
print(steps)
sys.exit(code)
"""


def in_a_process(root: Path, export: Path, fatal: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", COUNTED, str(root), str(export), str(fatal)], capture_output=True, text=True, check=False)


class TestKilled:
    @pytest.fixture
    def export(self, toy: Path) -> Path:
        """All layers changed on the server, or gone here."""
        made = [
            changed(one, "certain", "hedged") if '"certain"' in json.dumps(one) else one for one in of_a_server(toy, project=1, day="d")
        ]
        path = toy.parent / "export.json"
        path.write_text(json.dumps(made), encoding="utf-8")
        (toy / "annotations/toy_0003/4b22.json").unlink()
        return path

    @pytest.fixture
    def ends(self, toy: Path, export: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
        """The files before and after a pull that nobody kills."""
        before = layers(toy)
        assert in_a_process(toy, export, 0).returncode in (0, 1)
        after = layers(toy)
        assert sum(before.get(path) != data for path, data in after.items()) >= 3
        self.back(toy, before)
        return before, after

    @pytest.mark.parametrize("moment", [1, 4, 7])
    def test_at_a_step(self, toy: Path, export: Path, ends: tuple[dict[str, bytes], dict[str, bytes]], moment: int) -> None:
        self.killed(toy, export, *ends, moment)

    @pytest.mark.long
    def test_at_every_step(self, toy: Path, export: Path, ends: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
        steps = int(in_a_process(toy, export, 0).stdout.splitlines()[-1])
        assert steps >= 1  # of the memory alone: all else is there already
        self.back(toy, ends[0])
        steps = int(in_a_process(toy, export, 0).stdout.splitlines()[-1])
        assert steps > 8
        for moment in range(1, steps + 1):
            self.back(toy, ends[0])
            self.killed(toy, export, *ends, moment)

    @pytest.mark.long
    def test_at_random_moments(self, toy: Path, export: Path, ends: tuple[dict[str, bytes], dict[str, bytes]]) -> None:
        chance = Random(7)  # noqa: S311 - moments, not secrets
        for _ in range(30):
            self.back(toy, ends[0])
            running = subprocess.Popen(
                [sys.executable, "-m", "corpus", "-C", str(toy), "pull", "-q", str(export)], stdout=subprocess.DEVNULL
            )
            try:
                running.wait(timeout=0.2 + chance.random())
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()
            self.whole(toy, export, *ends)

    def killed(self, root: Path, export: Path, before: dict[str, bytes], after: dict[str, bytes], moment: int) -> None:
        assert in_a_process(root, export, moment).returncode == -signal.SIGKILL
        self.whole(root, export, before, after)

    def whole(self, root: Path, export: Path, before: dict[str, bytes], after: dict[str, bytes]) -> None:
        """Each file is the old or the new one; then the next run ends it and leaves nothing over."""
        for path in before.keys() | after.keys():
            found = (root / path).read_bytes() if (root / path).exists() else None
            assert found in (before.get(path), after.get(path))
        assert in_a_process(root, export, 0).returncode in (0, 1)
        assert layers(root) == after

    def back(self, root: Path, before: dict[str, bytes]) -> None:
        for path in root.glob("annotations/toy_*/*"):
            path.unlink()
        for where, data in before.items():
            (root / where).write_bytes(data)
        (root / ".label-studio" / "met.json").unlink(missing_ok=True)


def test_two_pulls_at_once_end_as_one(toy: Path) -> None:
    made = of_a_server(toy, project=1, day="2026-01-01")
    after = layers(toy)
    export = toy.parent / "export.json"
    export.write_text(json.dumps(made), encoding="utf-8")
    for path in after:
        (toy / path).unlink()
    command = [sys.executable, "-m", "corpus", "-C", str(toy), "pull", "-q", str(export)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(3)]
    said = [one.communicate(timeout=120)[0] for one in both]
    assert [one.returncode for one in both] == [0, 0, 0], said
    assert layers(toy) == after
    assert json.loads((toy / ".label-studio" / "met.json").read_bytes()).keys()
    assert not [path for path in (toy / ".label-studio").iterdir() if path.name not in ("met.json",)]


def test_what_another_pull_wrote_meanwhile_is_not_a_change_of_mine(toy: Path) -> None:
    """The repository was read when no layer was there; by the time the tasks come, they are, as the server has them."""
    made = of_a_server(toy, project=1, day="2026-01-01")
    after = layers(toy)
    for path in after:
        (toy / path).unlink()
    stored = store.read(toy)
    for path, data in after.items():
        (toy / path).write_bytes(data)
    arrived = [intake.Arrived(where="the server", pointer=f"/{at}", task=task) for at, task in enumerate(made)]
    taken = intake.take(stored, arrived, {}, overwrite=False)
    assert (taken.problems, {decision for _, decision in taken.decisions}) == ((), {"unchanged"})
    assert len(taken.met) == len(after)


ADDRESS = re.compile(rb"[\w.+-]+@[\w-]+\.[\w.]+")


@pytest.mark.parametrize("options", [(), ("--by-user",)])
def test_no_e_mail_address_reaches_a_file(corpus: Run, toy: Path, options: tuple[str, ...]) -> None:
    """Wherever an export can hold one: who completed, updated, created, in annotations, drafts, predictions, as object or string."""
    who = {"id": 4, "email": "ilse.vandamme@example.org", "first_name": "Ilse", "last_name": "Vandamme"}
    made = of_a_server(toy, project=1, day="2026-01-01", only=LAYER)
    for task in made:
        task |= {"updated_by": [who], "created_username": " ilse.vandamme@example.org, 4", "comment_authors": [who]}
        task["data"]["storage_filename"] = "ilse.vandamme@example.org.json"
        for one in task["annotations"]:
            one |= {"completed_by": who, "created_username": who["email"], "updated_by": who, "last_created_by": who}
        task["drafts"] = [{"user": who["email"], "annotation": 3, "result": [], "updated_at": "2026-01-01T00:00:00Z"}]
        task["predictions"] = [{"model_version": who["email"], "result": []}]
    if options:
        path = toy / store.ANNOTATORS
        value = json.loads(path.read_text(encoding="utf-8"))
        (toy / ".label-studio").mkdir()
        (toy / ".label-studio" / "pseudonym.key").write_text("key", encoding="utf-8")
        from corpus.pseudonyms import pseudonym

        declared = {"id": pseudonym(b"key", str(who["email"])), "kind": "human", "guidelines": "0.1", "model": None, "note": None}
        path.write_bytes(codec.canonical(value | {"annotators": sorted([*value["annotators"], declared], key=lambda one: str(one["id"]))}))
    (toy / LAYER).unlink()
    code, out, err = pulled(corpus, toy, made, *options)
    assert (code, "1 changed" in out) == (0, True), out + err
    written = [path for path in toy.rglob("*") if path.is_file() and path.suffix != ".txt"]
    assert len(written) > 5
    assert not [path for path in written if ADDRESS.search(path.read_bytes()) or b"vandamme" in path.read_bytes().lower()]
    assert not ADDRESS.search((out + err).encode())


def test_a_skipped_annotation_is_told_and_not_taken(corpus: Run, toy: Path) -> None:
    (task,) = of_a_server(toy, project=1, day="2026-01-01", only=LAYER)
    task["annotations"] = [one | {"was_cancelled": True, "result": []} for one in task["annotations"]]
    before = layers(toy)
    code, out, _ = pulled(corpus, toy, [task])
    assert (code, "skipped by the annotator" in out) == (0, True)
    assert layers(toy) == before


def test_a_disk_that_fails_under_a_writer_is_said(corpus: Run, toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are written by several hands at once; a failure of one is not lost with it."""
    made = of_a_server(toy, project=1, day="2026-01-01")
    for path in layers(toy):
        (toy / path).unlink()

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, _, err = pulled(corpus, toy, made)
    assert (code, "No space left on device" in err) == (2, True)
    assert layers(toy) == {}


@pytest.mark.studio
def test_a_snapshot_with_all_expanded_is_taken_as_the_plain_export_is(corpus: Run, toy: Path, studio_home: Path) -> None:
    """As hosted servers give it: annotators as objects with addresses, predictions and drafts in full; made by the real server."""
    import httpx
    from label_studio_sdk import LabelStudio

    from corpus.studio import server

    found = server.running(studio_home)
    assert found is not None
    out = toy.parent / "tasks.json"
    assert corpus("push", "toy_0001", "toy_0002", "--out", str(out))[0] == 0
    sent = json.loads(out.read_text(encoding="utf-8"))
    for one in sent:
        one["predictions"] = [{"model_version": "a", "result": one["annotations"][0]["result"]}]
    expanded = {"drafts": {"only_id": False}, "predictions": {"only_id": False}, "annotations__completed_by": {"only_id": False}}
    with httpx.Client(timeout=60, trust_env=False) as http:
        sdk = LabelStudio(base_url=found.url, api_key=found.token, httpx_client=http)
        project = sdk.projects.create(title="Hosted", label_config="<View><Text name='text' value='$text'/></View>")
        sdk.projects.import_tasks(project.id, request=sent, request_options={"max_retries": 0})
        made = sdk.projects.exports.create(project.id, serialization_options=expanded)
        data = b"".join(sdk.projects.exports.download(project.id, export_pk=made.id, export_type="JSON"))
        sdk.projects.delete(project.id)
    shutil.rmtree(studio_home / "data" / "media" / "export")  # the server leaves a copy, of mode 644 in its folder of mode 700
    tasks_in_it = json.loads(data)
    assert tasks_in_it[0]["annotations"][0]["completed_by"]["email"] == found.email
    assert tasks_in_it[0]["predictions"][0]["result"]
    before = layers(toy)
    for path in before:
        if "toy_0003" not in path:
            (toy / path).unlink()
    code, said, _ = pulled(corpus, toy, tasks_in_it)
    assert (code, said.splitlines()[-1]) == (0, "2 tasks: 2 changed")
    assert layers(toy) == before
    assert not [path for path in toy.rglob("*") if path.is_file() and found.email.encode() in path.read_bytes()]
