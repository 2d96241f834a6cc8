"""The real Label Studio: what is pushed comes back byte for byte, no side loses its work, and nothing is open that should be shut."""

import http.server
import json
import os
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pytest

from corpus import codec, ingest, store, tasks
from corpus.cli import main
from corpus.model import AnnotationSet
from corpus.problems import CorpusError
from corpus.studio import install, server
from corpus.studio.client import Connection
from corpus.studio.server import Server
from tests.conftest import ROOT, TOY
from tests.labelling import Labelling, browser

pytestmark = pytest.mark.studio

Run = Callable[..., tuple[int, str, str]]
HAND = "77aa"  # a human annotator of the tests' own


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """The running server, without a project and without memory of former pulls."""

    home: Path
    server: Server
    client: Any

    def tasks(self) -> dict[tuple[str, str], Any]:
        """Every task on the server by project title and document; none stands twice."""
        pairs = [((one.title, task.data["document"]), task) for one in self.client.projects.list() for task in self._of(one)]
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    def change(self, annotator: str, document: str, old: str, new: str) -> None:
        """Choose another value in an annotation on the server, as a person would on the page."""
        task = self.tasks()["CDA " + annotator, document]
        (annotation,) = task.annotations
        result = json.loads(json.dumps(annotation["result"]).replace(f'"{old}"', f'"{new}"', 1))
        assert result != annotation["result"]
        self.client.annotations.update(annotation["id"], result=result)

    def _of(self, project: Any) -> Iterator[Any]:
        yield from self.client.tasks.list(project=project.id, fields="all")


@pytest.fixture
def studio(studio_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Studio]:
    import httpx
    from label_studio_sdk import LabelStudio

    monkeypatch.setenv("CORPUS_STUDIO_HOME", str(studio_home))
    monkeypatch.delenv("LABEL_STUDIO_URL", raising=False)
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
    found = server.running(studio_home)
    assert found is not None
    (studio_home / "met.json").unlink(missing_ok=True)
    with httpx.Client(timeout=60, trust_env=False) as sender:
        client = LabelStudio(base_url=found.url, api_key=found.token, httpx_client=sender)
        for project in list(client.projects.list()):
            client.projects.delete(project.id)
        yield Studio(home=studio_home, server=found, client=client)


def annotation_files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.glob("annotations/*_*/*.json"))}


def remove_layers(root: Path) -> None:
    for path in root.glob("annotations/*_*/*.json"):
        path.unlink()


def correct(root: Path, path: str, old: str, new: str) -> bytes:
    """Edit a layer by hand; the bytes as they now stand."""
    file = root / path
    before = file.read_text(encoding="utf-8")
    file.write_text(before.replace(f'"{old}"', f'"{new}"', 1), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != before
    return file.read_bytes()


class TestSuggestions:
    """What `corpus suggest` wrote, shown to a person, comes back as what it is: a reading by somebody who has seen another's."""

    @pytest.fixture
    def shown(self, corpus: Run, toy: Path, studio: Studio, tmp_path: Path) -> tuple[Any, AnnotationSet]:
        """The task on the server with its suggestion, and the layer that was suggested."""
        pytest.importorskip("spacy")
        from corpus import suggest

        path = toy / store.ANNOTATORS
        value = json.loads(path.read_text(encoding="utf-8"))
        for id, kind in ((HAND, "human"), (suggest.ANNOTATOR, "model")):
            value["annotators"].append({"id": id, "kind": kind, "guidelines": "1.0", "model": None, "note": None})
        path.write_bytes(codec.canonical(value))
        out = tmp_path / "suggested"
        assert corpus("suggest", "toy_0001", "--out", str(out))[0] == 0
        assert corpus("push", "toy_0001", "--annotator", HAND, "--suggest", str(out))[0] == 0
        layer, faults = store.read_layer((out / "toy_0001.json").read_bytes(), "toy_0001.json")
        assert layer is not None
        assert not faults
        assert layer.mentions
        return studio.tasks()["CDA " + HAND, "toy_0001"], layer

    def test_nothing_comes_back_until_somebody_submits(self, corpus: Run, toy: Path, shown: tuple[Any, AnnotationSet]) -> None:
        assert corpus("pull")[0] == 0
        assert not (toy / f"annotations/toy_0001/{HAND}.json").exists()

    @pytest.mark.parametrize("corrected", [False, True])
    def test_what_was_accepted_keeps_its_origin(
        self, corpus: Run, toy: Path, studio: Studio, shown: tuple[Any, AnnotationSet], corrected: bool
    ) -> None:
        task, suggested = shown
        (offered,) = task.predictions
        assert {row.get("origin") for row in offered.result if row["type"] != "relation"} == {"prediction"}
        wanted = [(one.label, one.spans) for one in suggested.mentions]
        result = offered.result
        if corrected:  # the first hub and all that hangs on it taken away, as a person would who does not agree
            gone = suggested.attributions[0].hub
            used = {id for one in suggested.attributions[1:] for id in (one.hub, *one.sources, *one.cues)}
            dropped = {one.id for one in suggested.mentions if one.id == gone or one.id not in used}
            wanted = [(one.label, one.spans) for one in suggested.mentions if one.id not in dropped]
            ids = {row["id"] for row in result if row.get("id", "").partition(".")[0] in dropped}
            result = [row for row in result if not {row.get("id"), row.get("from_id"), row.get("to_id")} & (ids | dropped)]
        studio.client.annotations.create(task.id, result=result)
        assert corpus("pull")[0] == 0
        layer, faults = store.read_layer((toy / f"annotations/toy_0001/{HAND}.json").read_bytes(), "x")
        assert layer is not None
        assert not faults
        assert (layer.origin, layer.annotator) == ("from_suggestion", HAND)
        assert [(one.label, one.spans) for one in layer.mentions] == wanted
        assert corpus("check")[0] == 0


class TestRoundTrip:
    def test_the_toy_corpus_comes_back_byte_for_byte(self, corpus: Run, toy: Path, studio: Studio) -> None:
        originals = annotation_files(TOY)
        code, out, _ = corpus("push")
        assert (code, out) == (
            0,
            "4b22: 2 tasks sent, 0 there already\na3f1: 2 tasks sent, 0 there already\ngold: 1 task sent, 0 there already\n",
        )
        remove_layers(toy)
        code, out, _ = corpus("pull")
        assert (code, out.splitlines()[-1]) == (0, "5 tasks: 5 changed")
        assert annotation_files(toy) == originals

        code, out, _ = corpus("push")
        assert (code, out) == (
            0,
            "4b22: 0 tasks sent, 2 there already\na3f1: 0 tasks sent, 2 there already\ngold: 0 tasks sent, 1 there already\n",
        )
        assert len(studio.tasks()) == 5
        code, out, _ = corpus("pull")
        assert (code, out) == (0, "5 tasks: 5 unchanged\n")
        assert annotation_files(toy) == originals

    def test_the_real_articles_come_back_byte_for_byte(
        self, shared: Path, studio: Studio, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        root = real_corpus(tmp_path, shared)
        originals = annotation_files(root)
        documents = {path.split("/")[1] for path in originals}
        assert sum(id.startswith("lee_") for id in documents) >= 20
        assert any(id.startswith("seed_") for id in documents)
        assert main(["-C", str(root), "push"]) == 0
        sent = studio.tasks()
        assert {document for _, document in sent} == documents
        assert len(sent) == len(originals)

        remove_layers(root)
        assert main(["-C", str(root), "pull"]) == 0
        assert annotation_files(root) == originals
        capsys.readouterr()
        assert main(["-C", str(root), "push"]) == 0
        assert all(" 0 tasks sent" in line for line in capsys.readouterr().out.splitlines())
        assert len(studio.tasks()) == len(originals)
        assert main(["-C", str(root), "pull"]) == 0
        assert f"{len(originals):,} tasks: {len(originals):,} unchanged" in capsys.readouterr().out
        assert annotation_files(root) == originals

    def test_a_blank_task_gives_nothing_until_somebody_submits(self, corpus: Run, toy: Path, studio: Studio) -> None:
        assert corpus("push", "toy_0003", "--annotator", "a3f1")[0] == 0
        declare_hand(toy)
        assert corpus("push", "toy_0001", "--annotator", HAND)[0] == 0
        code, out, _ = corpus("pull")
        assert (code, out) == (0, "2 tasks: 1 unchanged\n")
        assert not (toy / f"annotations/toy_0001/{HAND}.json").exists()

    def test_a_pushed_file_of_tasks_is_what_a_push_sends(self, corpus: Run, toy: Path, studio: Studio, tmp_path: Path) -> None:
        """`--out` is for a server of one's own: its import takes the file, and its export comes back."""
        assert corpus("push", "toy_0002", "--out", str(tmp_path / "tasks.json"))[0] == 0
        project = studio.client.projects.create(title="Mine", label_config="<View><Text name='text' value='$text'/></View>")
        made = json.loads((tmp_path / "tasks.json").read_text(encoding="utf-8"))
        studio.client.projects.import_tasks(project.id, request=made, request_options={"max_retries": 0})
        (tmp_path / "export.json").write_bytes(b"".join(studio.client.projects.exports.download_sync(project.id, export_type="JSON")))
        remove_layers(toy)
        assert corpus("pull", str(tmp_path / "export.json"))[0] == 0
        path = "annotations/toy_0002/4b22.json"
        assert annotation_files(toy) == {path: (TOY / path).read_bytes()}


def real_corpus(folder: Path, shared: Path) -> Path:
    """A copy of the repository's data, with the texts of all that is annotated."""
    for name in ("raw", "annotations"):
        shutil.copytree(ROOT / name, folder / name)
    if not list((folder / "raw" / "lee").glob("*.txt")):
        assert main(["-C", str(folder), "hydrate", "lee"]) == 0
    assert main(["-C", str(folder), "hydrate", "seed", "--from", str(shared / "articles")]) == 0
    return folder


def declare_hand(root: Path, who: str = HAND, guidelines: str = "0.1") -> None:
    path = root / store.ANNOTATORS
    value = json.loads(path.read_text(encoding="utf-8"))
    value["annotators"].append({"id": who, "kind": "human", "guidelines": guidelines, "model": None, "note": None})
    path.write_bytes(codec.canonical(value))


class TestThreeWay:
    LAYER = "annotations/toy_0001/a3f1.json"

    @pytest.fixture(autouse=True)
    def pushed(self, corpus: Run, studio: Studio) -> None:
        assert corpus("push")[0] == 0

    def test_what_was_corrected_here_is_kept(self, corpus: Run, toy: Path) -> None:
        mine = correct(toy, self.LAYER, "attributed_to_other", "none")
        for _ in range(2):
            code, out, _ = corpus("pull")
            assert code == 0
            assert f"kept {self.LAYER}: it changed here, not on the server" in out
            assert (toy / self.LAYER).read_bytes() == mine

    def test_what_was_changed_on_the_server_is_written(self, corpus: Run, toy: Path, studio: Studio) -> None:
        studio.change("a3f1", "toy_0001", "attributed_to_other", "none")
        code, out, _ = corpus("pull")
        assert code == 0
        assert out == f"changed {self.LAYER}\n5 tasks: 4 unchanged, 1 changed\n"
        assert annotation_files(toy) == annotation_files(TOY) | {self.LAYER: (toy / self.LAYER).read_bytes()}
        assert (toy / self.LAYER).read_bytes() == (TOY / self.LAYER).read_bytes().replace(b'"attributed_to_other"', b'"none"')
        assert corpus("pull")[1] == "5 tasks: 5 unchanged\n"

    def test_what_changed_on_both_sides_is_a_problem(self, corpus: Run, toy: Path, studio: Studio) -> None:
        mine = correct(toy, self.LAYER, "attributed_to_other", "none")
        studio.change("a3f1", "toy_0001", "attributed_to_other", "claimed")
        for _ in range(2):
            code, out, _ = corpus("pull")
            assert code == 1
            assert f"[both-sides-unchanged] {self.LAYER} changed here and on the server" in out
            assert (toy / self.LAYER).read_bytes() == mine

    def test_overwrite_takes_the_servers_side_of_a_conflict_and_nothing_else(self, corpus: Run, toy: Path, studio: Studio) -> None:
        correct(toy, self.LAYER, "attributed_to_other", "none")
        studio.change("a3f1", "toy_0001", "attributed_to_other", "claimed")
        other = "annotations/toy_0002/4b22.json"
        mine = correct(toy, other, "hedged", "unspecified")
        code, out, _ = corpus("pull", "--overwrite")
        assert code == 0
        assert out.splitlines()[-1] == "5 tasks: 3 unchanged, 1 changed, 1 kept"
        assert b'"responsibility": "claimed"' in (toy / self.LAYER).read_bytes()
        assert (toy / other).read_bytes() == mine

    def test_a_change_on_the_server_after_a_pull_is_told_from_one_before(self, corpus: Run, toy: Path, studio: Studio) -> None:
        studio.change("a3f1", "toy_0001", "attributed_to_other", "claimed")
        assert corpus("pull")[0] == 0
        mine = correct(toy, self.LAYER, "claimed", "none")
        assert f"kept {self.LAYER}" in corpus("pull")[1]
        studio.change("a3f1", "toy_0001", "claimed", "denied")
        assert corpus("pull")[0] == 1
        assert (toy / self.LAYER).read_bytes() == mine

    def test_a_file_that_cannot_be_read_is_somebodys_work(self, corpus: Run, toy: Path, studio: Studio) -> None:
        torn = '{"schema": <<<<<<<'
        (toy / self.LAYER).write_text(torn, encoding="utf-8")
        assert f"kept {self.LAYER}" in corpus("pull")[1]
        studio.change("a3f1", "toy_0001", "attributed_to_other", "claimed")
        code, out, _ = corpus("pull")
        assert code == 1
        assert "[both-sides-unchanged]" in out
        assert (toy / self.LAYER).read_text(encoding="utf-8") == torn

    def test_an_annotation_that_breaks_a_rule_is_not_written(self, corpus: Run, toy: Path, studio: Studio) -> None:
        studio.change("a3f1", "toy_0001", "denies", "same_source")
        code, out, _ = corpus("pull")
        assert code == 1
        assert "project CDA a3f1, task " in out
        assert "[link-joins-right-labels]" in out
        assert annotation_files(toy) == annotation_files(TOY)


class TestFaultsOfUse:
    """One sentence each, exit code 2, no traceback, and no token."""

    @pytest.mark.parametrize("command", ["push", "pull"])
    def test_a_server_that_is_dead(self, corpus: Run, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
        with socket.socket() as held:  # bound and not listening: whoever connects is refused
            held.bind((server.HOST, 0))
            url = f"http://{server.HOST}:{held.getsockname()[1]}"
            said = refused(corpus, monkeypatch, command, url=url, token=SECRET)
        assert said == f"no Label Studio answers at {url} (ConnectError); start one with corpus studio start"

    @pytest.mark.parametrize("command", ["push", "pull"])
    def test_a_wrong_token(self, corpus: Run, studio: Studio, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
        said = refused(corpus, monkeypatch, command, url=studio.server.url, token=SECRET)
        assert said.startswith(f"{studio.server.url} does not accept the token; check LABEL_STUDIO_API_KEY")

    @pytest.mark.parametrize("named", ["url", "token"])
    def test_only_half_of_an_address(self, corpus: Run, studio: Studio, monkeypatch: pytest.MonkeyPatch, named: str) -> None:
        said = refused(corpus, monkeypatch, "pull", **{named: SECRET})
        assert said == "set both LABEL_STUDIO_URL and LABEL_STUDIO_API_KEY, or neither to use the local Label Studio"

    @pytest.mark.parametrize("url", ["127.0.0.1:8080", "nonsense", "ftp://127.0.0.1"])
    def test_an_address_of_another_kind(self, corpus: Run, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        said = refused(corpus, monkeypatch, "pull", url=url, token=SECRET)
        assert said == f"no Label Studio answers at {url} (UnsupportedProtocol); start one with corpus studio start"

    def test_an_address_that_is_none(self, corpus: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        assert refused(corpus, monkeypatch, "pull", url="http://[::1", token=SECRET) == UNSENDABLE

    def test_a_token_that_cannot_be_sent(self, corpus: Run, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
        assert refused(corpus, monkeypatch, "pull", url=studio.server.url, token=f"{SECRET}ü") == UNSENDABLE

    def test_a_token_of_two_lines(self, corpus: Run, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
        assert "(LocalProtocolError)" in refused(corpus, monkeypatch, "pull", url=studio.server.url, token=f"{SECRET}\n{SECRET}")

    @pytest.mark.parametrize(
        ("status", "kind", "body"),
        [
            (200, "text/html", b"<html>Welcome</html>"),
            (200, "application/json", b"{}"),
            (200, "application/json", b"[]"),
            (200, "application/json", b"null"),
            (404, "text/html", b"<html>Not here</html>"),
        ],
    )
    @pytest.mark.parametrize("command", ["push", "pull"])
    def test_another_server(self, corpus: Run, monkeypatch: pytest.MonkeyPatch, command: str, status: int, kind: str, body: bytes) -> None:
        with another_server(status, kind, body) as url:
            said = refused(corpus, monkeypatch, command, url=url, token=SECRET)
        assert said == f"what answers at {url} is no Label Studio; check LABEL_STUDIO_URL"

    def test_no_server_was_started(self, corpus: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("CORPUS_STUDIO_HOME", str(tmp_path / "home"))
        said = refused(corpus, monkeypatch, "push")
        assert said.startswith("no Label Studio runs here; start one with corpus studio start, or set LABEL_STUDIO_URL")

    def test_the_port_is_taken(self, corpus: Run, studio: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        home = fresh_home(tmp_path, studio)
        monkeypatch.setenv("CORPUS_STUDIO_HOME", str(home))
        with socket.socket() as held:
            held.bind((server.HOST, 0))
            held.listen()
            port = held.getsockname()[1]
            said = refused(corpus, monkeypatch, "studio", "start", "--port", str(port))
        assert said == f"port {port} is taken; choose another with --port, or leave it out"
        assert not (home / "server.json").exists()
        assert server.running(studio.home) == studio.server

    @pytest.mark.parametrize("port", ["65536", "-1"])
    def test_there_is_no_such_port(self, corpus: Run, studio: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, port: str) -> None:
        monkeypatch.setenv("CORPUS_STUDIO_HOME", str(fresh_home(tmp_path, studio)))
        assert refused(corpus, monkeypatch, "studio", "start", "--port", port) == f"there is no port {port}; ports go from 1 to 65535"

    def test_label_studio_is_not_installed(self, tmp_path: Path) -> None:
        with pytest.raises(CorpusError, match="Label Studio is not installed here; run corpus studio install"):
            server.start(tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_an_unfinished_installation_is_none(self, tmp_path: Path, studio: Studio) -> None:
        home = fresh_home(tmp_path, studio, finished=False)
        assert not install.is_current(home)
        with pytest.raises(CorpusError, match="is not installed"):
            install.program(home)

    def test_an_update_of_the_lock_file_makes_an_installation_old(self, tmp_path: Path, studio: Studio) -> None:
        home = fresh_home(tmp_path, studio, finished=False)
        (home / "venv" / ".locked").write_text("0" * 64, encoding="utf-8")
        assert not install.is_current(home)

    def test_two_projects_of_one_annotator(self, corpus: Run, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
        """That both hold tasks is for a person to settle; the empty one that a push left which was killed is passed over."""
        page = "<View><Text name='text' value='$text'/></View>"
        first, second = (studio.client.projects.create(title="CDA 4b22", label_config=page) for _ in range(2))
        studio.client.projects.import_tasks(second.id, request=[{"data": {"text": "x"}}], request_options={"max_retries": 0})
        assert corpus("push")[0] == 0
        held = {one.id: one.task_number for one in studio.client.projects.list() if one.title == "CDA 4b22"}
        assert held == {first.id: 0, second.id: 3}
        studio.client.projects.import_tasks(first.id, request=[{"data": {"text": "x"}}], request_options={"max_retries": 0})
        said = refused(corpus, monkeypatch, "push")
        assert said == "the server has 2 projects named 'CDA 4b22' with tasks; remove all but one"


SECRET = "c0ffee" * 7
UNSENDABLE = "LABEL_STUDIO_URL is no address, or LABEL_STUDIO_API_KEY no token, that can be sent"


def refused(corpus: Run, monkeypatch: pytest.MonkeyPatch, *argv: str, url: str | None = None, token: str | None = None) -> str:
    """The one sentence of a command that cannot do what was asked."""
    for name, value in (("LABEL_STUDIO_URL", url), ("LABEL_STUDIO_API_KEY", token)):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    code, out, err = corpus(*argv)
    assert code == 2
    assert SECRET not in out + err
    assert "Traceback" not in out + err
    *waiting, said = err.splitlines()
    assert all(line.endswith("…") for line in waiting), err
    head = f"corpus {argv[0]}: "
    assert said.startswith(head)
    return said.removeprefix(head)


class _Fixed(http.server.BaseHTTPRequestHandler):
    """Answers everything alike."""

    def answer(self) -> None:
        status, kind, body = self.server.fixed  # type: ignore[attr-defined]
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer  # noqa: N815, the names that http.server calls

    def log_message(self, *args: Any) -> None:
        pass


@contextmanager
def another_server(status: int, kind: str, body: bytes) -> Iterator[str]:
    with http.server.ThreadingHTTPServer((server.HOST, 0), _Fixed) as other:
        other.fixed = status, kind, body  # type: ignore[attr-defined]
        thread = threading.Thread(target=other.serve_forever)
        thread.start()
        yield f"http://{server.HOST}:{other.server_port}"
        other.shutdown()
        thread.join()


def fresh_home(folder: Path, studio: Studio, *, finished: bool = True) -> Path:
    """A folder for another Label Studio with the same installation, or with one that stopped half-way."""
    home = folder / "home"
    home.mkdir(mode=0o700)
    if finished:
        (home / "venv").symlink_to(studio.home / "venv", target_is_directory=True)
    else:
        (home / "venv" / "bin").mkdir(parents=True)
        (home / "venv" / "bin" / "label-studio").touch()
    return home


class TestSecrets:
    def test_a_proxy_of_the_environment_gets_nothing(self, corpus: Run, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nor does it stand in the way of a server on this machine."""
        with another_server(200, "text/html", b"") as proxy:
            for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
                monkeypatch.setenv(name, proxy)
            for name in ("NO_PROXY", "no_proxy"):
                monkeypatch.delenv(name, raising=False)
            assert corpus("push", "toy_0002")[0] == 0
        assert len(studio.tasks()) == 1

    @pytest.mark.parametrize("name", ["server.json", "login.json", "server.log"])
    def test_files_are_the_owners_alone(self, studio: Studio, name: str) -> None:
        assert stat.S_IMODE((studio.home / name).stat().st_mode) == 0o600

    def test_the_database_is_the_owners_alone(self, studio: Studio) -> None:
        data = studio.home / "data"
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert not [path for path in data.rglob("*") if path.is_file() and path.stat().st_mode & 0o077]

    @pytest.mark.parametrize("secret", ["token", "password"])
    def test_secrets_are_shown_nowhere(self, studio: Studio, secret: str) -> None:
        value = getattr(studio.server, secret)
        assert value not in repr(studio.server)
        assert value not in repr(Connection(url=studio.server.url, token=studio.server.token))
        assert value not in (studio.home / "server.log").read_text(encoding="utf-8", errors="replace")
        assert asdict(studio.server)[secret] == value

    @pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="the arguments of all processes are read from Linux's /proc")
    def test_the_token_is_no_argument_of_any_process(self, studio: Studio) -> None:
        arguments = {path.parent.name: words for path in Path("/proc").glob("[0-9]*/cmdline") if (words := read_if_there(path))}
        assert b"label-studio" in arguments[str(studio.server.pid)]
        for secret in (studio.server.token, studio.server.password):
            assert not [pid for pid, words in arguments.items() if secret.encode() in words]

    @pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="who listens where is read from Linux's /proc")
    def test_only_this_machine_can_reach_it(self, studio: Studio) -> None:
        port = f"{int(studio.server.url.rpartition(':')[2]):04X}"
        assert listening("/proc/net/tcp", port) == ["0100007F"]
        assert listening("/proc/net/tcp6", port) == []

    def test_nobody_signs_up_without_a_link(self, studio: Studio) -> None:
        browser = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(cookies := CookieJar()))
        browser.open(f"{studio.server.url}/user/login/").close()
        crumb = next(one.value for one in cookies if one.name == "csrftoken")
        form = f"email=stranger%40example.org&password=Str0ngEnough!&csrfmiddlewaretoken={crumb}".encode()
        headers = {"Referer": f"{studio.server.url}/user/signup/", "X-CSRFToken": str(crumb)}
        request = urllib.request.Request(f"{studio.server.url}/user/signup/", data=form, headers=headers)  # noqa: S310, our own loopback address
        with pytest.raises(urllib.error.HTTPError) as answer:
            browser.open(request)
        answer.value.close()
        assert answer.value.code == 403
        assert [user.email for user in studio.client.users.list()] == [studio.server.email]


def read_if_there(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""  # it ended meanwhile


def listening(table: str, port: str) -> list[str]:
    """The addresses on which somebody listens at a port, as the kernel's table has them."""
    rows = [line.split() for line in read_if_there(Path(table)).decode().splitlines()[1:]]
    return [row[1].partition(":")[0] for row in rows if row[3] == "0A" and row[1].endswith(f":{port}")]


class TestStartAndStop:
    """On a second server, whose database is a copy: making one takes a minute."""

    @pytest.fixture
    def second(self, studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        home = fresh_home(tmp_path, studio)
        (home / "data").mkdir(mode=0o700)
        shutil.copy(studio.home / "login.json", home / "login.json")
        source, copy = (sqlite3.connect(one / "data" / "label_studio.sqlite3") for one in (studio.home, home))
        source.backup(copy)
        source.close()
        copy.close()
        monkeypatch.setenv("CORPUS_STUDIO_HOME", str(home))
        yield home
        server.stop(home)

    def test_start_twice_stop_twice_start_again(self, corpus: Run, studio: Studio, second: Path) -> None:
        code, out, _ = corpus("studio", "start")
        found = server.running(second)
        assert code == 0
        assert found is not None
        assert out.splitlines()[0] == f"Label Studio runs at {found.url}"
        assert found.token not in out
        assert found.password not in out
        assert found.url != studio.server.url

        assert corpus("studio", "start")[1] == out
        assert server.running(second) == found
        assert "runs at" in corpus("studio", "start", "--port", "1")[2]
        assert corpus("studio", "status")[:2] == (0, f"Label Studio runs at {found.url}\n")

        assert corpus("studio", "stop")[:2] == (0, "stopped\n")
        assert server.running(second) is None
        assert corpus("studio", "stop")[:2] == (0, "no Label Studio ran here\n")
        assert corpus("studio", "status")[:2] == (1, "no Label Studio runs here\n")

        port = found.url.rpartition(":")[2]
        assert corpus("studio", "start", "--port", port)[0] == 0
        again = server.running(second)
        assert again is not None
        assert (again.url, again.token) == (found.url, found.token)
        assert again.pid != found.pid
        assert server.running(studio.home) == studio.server

    @pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
    def test_ctrl_c_stops_what_runs_in_the_foreground(self, second: Path, toy: Path, kind: signal.Signals) -> None:
        """Also where Ctrl-C was ignored when it was started, as it is in the background jobs of a script."""
        command = [sys.executable, "-m", "corpus", "-C", str(toy), "studio"]
        environment = os.environ | {"CORPUS_STUDIO_HOME": str(second), "PYTHONUNBUFFERED": "1"}
        command = ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as running:
            try:
                assert running.stdout is not None
                lines = iter(running.stdout.readline, "Ctrl-C stops it\n")
                assert next(lines).startswith("Label Studio runs at ")
                assert len(list(lines)) == 1
                assert server.running(second) is not None
                running.send_signal(kind)
                out, err = running.communicate(timeout=60)
            finally:
                running.kill()  # else a failure above would be waited for without end
        assert (running.returncode, out) == (0, "stopped\n")
        assert "Traceback" not in err
        assert server.running(second) is None
        assert not (second / "server.json").exists()

    def test_a_server_that_died_is_no_server(self, corpus: Run, second: Path) -> None:
        """Its number may long belong to another program, which must live on."""
        stale = Server(url="http://127.0.0.1:9", pid=os.getpid(), email="x", password="", token=SECRET)
        (second / "server.json").write_text(json.dumps(asdict(stale)), encoding="utf-8")
        assert corpus("studio", "status")[0] == 1
        assert corpus("studio", "stop")[:2] == (0, "no Label Studio ran here\n")


TEA = "is free 👩‍👩‍👧 today"
AWKWARD = (
    "👩‍👩‍👧 The  mayor said\tx̂ was\nsafe. 𝒳 Corp’s owner, עומר בן, too, denied\u00a0it.\n\u200bNo\u2028comment\u0085 came\x0c from 🇩🇪 Bonn."
)


@pytest.mark.browser
class TestLabellingPage:
    @pytest.fixture
    def open_task(self, corpus: Run, toy: Path, studio: Studio, chromium: str) -> Iterator[Callable[[str], Labelling]]:
        declare_hand(toy)
        with browser(chromium) as page:

            def opened(document: str) -> Labelling:
                assert corpus("push", document, "--annotator", HAND)[0] == 0
                task = studio.tasks()[f"CDA {HAND}", document]
                return Labelling(page, studio.server, task.project, task.id)

            yield opened

    def test_what_a_person_draws_is_what_is_stored(
        self, corpus: Run, toy: Path, open_task: Callable[[str], Labelling], tmp_path: Path
    ) -> None:
        page = open_task("toy_0002")
        drawn = [
            ("claim", "The tea"),
            ("fragment", TEA),
            ("source", "she"),
            ("cue", "wrote"),
            ("cue", "reportedly"),
            ("denial", "double next week"),
        ]
        assert [page.mark(label, words) for label, words in drawn] == [words for _, words in drawn]
        page.choose("The tea", "direct", "positive", "certain", "none")
        page.choose("double next week", "indirect", "positive", "hedged", "denied", "full")
        page.choose("she", "person_named")
        page.name("she", "Café owner")
        page.relate(TEA, "The tea", "continues")
        page.relate("The tea", "she", "has_source")
        page.relate("The tea", "wrote", "has_cue")
        page.relate("double next week", "reportedly", "has_cue")
        page.relate("double next week", "The tea", "denies")
        page.pick("double next week")
        page.page.screenshot(path=tmp_path / "annotated.png")
        page.submit(by_keyboard=True)

        code, out, _ = corpus("pull")
        assert (code, out) == (0, f"changed annotations/toy_0002/{HAND}.json\n1 task: 1 changed\n")
        layer = stored_layer(toy, "toy_0002")
        assert layer["origin"] == "by_hand"
        claim, source, cue, other_cue, denial = (one["id"] for one in layer["mentions"])
        assert [(one["label"], quotes(one)) for one in layer["mentions"]] == [
            ("claim", ["The tea", TEA]),
            ("source", ["she"]),
            ("cue", ["wrote"]),
            ("cue", ["reportedly"]),
            ("denial", ["double next week"]),
        ]
        assert_spans_are_words(layer, (toy / "raw/toy/toy_0002.txt").read_text(encoding="utf-8"))
        assert [{key: one[key] for key in set(one) - {"id", "label", "spans"}} for one in layer["mentions"]] == [
            {"responsibility": "none"},
            {"source_kind": "person_named", "canonical_source": "Café owner"},
            {},
            {},
            {"responsibility": "denied", "denial_scope": "full"},
        ]
        assert layer["attributions"] == [
            {
                "id": f"a-{claim}", "hub": claim, "sources": [source], "cues": [cue],
                "quote_type": "direct", "polarity": "positive", "certainty": "certain",
            },
            {
                "id": f"a-{denial}", "hub": denial, "sources": [], "cues": [other_cue],
                "quote_type": "indirect", "polarity": "positive", "certainty": "hedged",
            },
        ]  # fmt: skip
        assert layer["links"] == [{"type": "denies", "from": denial, "to": claim}]

        stored = annotation_files(toy)
        assert corpus("push", "toy_0002", "--annotator", HAND)[1] == f"{HAND}: 0 tasks sent, 1 there already\n"
        assert corpus("pull")[:2] == (0, "1 task: 1 unchanged\n")
        assert annotation_files(toy) == stored
        assert corpus("check")[0] == 0

    def test_awkward_characters_keep_their_places(self, corpus: Run, toy: Path, open_task: Callable[[str], Labelling]) -> None:
        """Double blanks, tabs, combining marks, letters beyond 16 bits, right-to-left words, odd line ends, a flag."""
        store.write_document(toy, ingest.document(AWKWARD, id="toy_0004", source="toy"))
        page = open_task("toy_0004")
        drawn = [
            ("source", "The  mayor"),
            ("cue", "said"),
            ("claim", "x̂ was\nsafe"),
            ("source", "𝒳 Corp’s owner, עומר בן, too"),
            ("cue", "denied"),
            ("denial", "it"),
            ("content", "No\u2028comment\u0085 came"),
            ("cue", "from"),
            ("source", "🇩🇪 Bonn"),
        ]
        assert [page.mark(label, words) for label, words in drawn] == [words for _, words in drawn]
        for hub, source, cue in (("was", "mayor", "said"), ("it", "too", "denied"), ("came", "Bonn", "from")):
            page.relate(hub, source, "has_source")
            page.relate(hub, cue, "has_cue")
        page.relate("it", "was", "denies")
        page.submit(by_keyboard=False)

        assert corpus("pull")[0] == 0
        layer = stored_layer(toy, "toy_0004")
        assert [(one["label"], quotes(one)) for one in layer["mentions"]] == [(label, [words]) for label, words in drawn]
        assert_spans_are_words(layer, AWKWARD)
        said = {one["id"]: "".join(quotes(one)) for one in layer["mentions"]}
        assert [(said[one["hub"]], *(said[id] for id in (*one["sources"], *one["cues"]))) for one in layer["attributions"]] == [
            ("x̂ was\nsafe", "The  mayor", "said"),
            ("it", "𝒳 Corp’s owner, עומר בן, too", "denied"),
            ("No\u2028comment\u0085 came", "🇩🇪 Bonn", "from"),
        ]
        assert [(one["type"], said[one["from"]], said[one["to"]]) for one in layer["links"]] == [("denies", "it", "x̂ was\nsafe")]
        assert corpus("check")[0] == 0

    def test_the_page_asks_what_the_label_bears(self, toy: Path, open_task: Callable[[str], Labelling]) -> None:
        """How much is denied is asked of a denial only."""
        page = open_task("toy_0001")
        drawn = {
            "claim": "had set the",
            "denial": "the accusation",
            "content": "nowhere",
            "source": "The Front",
            "cue": "denied",
            "fragment": "alight",
        }
        for label, words in drawn.items():
            page.mark(label, words)
        for label, words in drawn.items():
            page.pick(words)
            assert page.asked() == {name for name in (*tasks.CHOICES, tasks.WORDS) if label in tasks.bearers(name)}
        page.release()
        assert page.asked() == set()


def stored_layer(root: Path, document: str) -> dict[str, Any]:
    layer: dict[str, Any] = json.loads((root / f"annotations/{document}/{HAND}.json").read_text(encoding="utf-8"))
    return layer


def quotes(mention: dict[str, Any]) -> list[str]:
    return [span["quote"] for span in mention["spans"]]


def assert_spans_are_words(layer: dict[str, Any], text: str) -> None:
    for span in (span for mention in layer["mentions"] for span in mention["spans"]):
        assert text[span["start"] : span["end"]] == span["quote"]
