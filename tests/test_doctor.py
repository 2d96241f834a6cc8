"""`corpus doctor` on the real server, started as we start it and started open; and that ours speaks to nobody off this machine."""

import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import httpx
import psutil
import pytest

from corpus import health, installation
from corpus.health import Finding
from corpus.problems import CorpusError
from corpus.studio import examination, safety, server, settings, template, upkeep
from corpus.studio.safety import Reading
from corpus.studio.server import Server
from tests.conftest import absent

Run = Callable[..., tuple[int, str, str]]
OF_THE_SERVER = [rule.question for rule in safety.RULES]


@pytest.fixture
def ours(studio_home: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("CORPUS_STUDIO_HOME", str(studio_home))
    for name in ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    found = server.running(studio_home)
    assert found is not None
    return found


def named(monkeypatch: pytest.MonkeyPatch, url: str, token: str) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", token)


def states(out: str, subject: str) -> dict[str, str]:
    return {one["question"]: one["state"] for one in json.loads(out) if one["subject"] == subject}


@pytest.mark.studio
class TestServer:
    def test_ours_is_safe_in_every_point(self, corpus: Run, ours: Server) -> None:
        code, out, _ = corpus("doctor", "--format", "json")
        assert states(out, ours.url) == dict.fromkeys(OF_THE_SERVER, "good")
        assert code == int(any(one["state"] == "bad" for one in json.loads(out)))
        for secret in (ours.token, ours.password):
            assert secret not in out

    def test_by_address_and_token_it_tells_what_the_token_may_know(
        self, corpus: Run, ours: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        named(monkeypatch, ours.url, ours.token)
        _, out, _ = corpus("doctor", "--format", "json")
        found = states(out, ours.url)
        assert {check for check, state in found.items() if state == "unknown"} == {
            "subnets-are-banned", "webhooks-are-off", "exports-fetch-nothing", "analytics-are-off", "errors-stay-here",
            "versions-are-not-asked",
        }  # fmt: skip
        assert set(found.values()) == {"good", "unknown"}

    def test_it_changes_nothing(self, corpus: Run, ours: Server, studio_home: Path) -> None:
        def rows() -> dict[str, int]:
            with sqlite3.connect(studio_home / "data" / template.DATABASE) as database:
                return {table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("htx_user", "webhook")}  # noqa: S608

        before = rows()
        assert before["htx_user"] == 1
        corpus("doctor")
        assert rows() == before

    def test_a_token_that_is_refused_is_a_fault_of_use(self, corpus: Run, ours: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        named(monkeypatch, ours.url, "c0ffee" * 7)
        code, out, err = corpus("doctor")
        assert (code, out) == (2, "")
        assert err.splitlines()[-1].startswith(f"corpus doctor: {ours.url} does not accept the token")

    def test_one_that_was_started_open_is_bad_in_every_point_that_is_open(
        self, corpus: Run, studio_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Label Studio's own defaults and worse, but for the dead proxy, which keeps its telemetry on this machine."""
        home = tmp_path / "home"
        home.mkdir(mode=0o700)
        (home / "venv").symlink_to(studio_home / "venv", target_is_directory=True)
        kept = {name: value for name, value in settings._SAFE.items() if "PROXY" in name}
        worse = {"LOCAL_FILES_SERVING_ENABLED": "true", "ALLOW_ORGANIZATION_WEBHOOKS": "true", "SESSION_COOKIE_SAMESITE": "None"}
        worse |= {
            "DEBUG": "true",
            "SSRF_PROTECTION_ENABLED": "false",
            "USE_DEFAULT_BANNED_SUBNETS": "false",
            "CSRF_COOKIE_SAMESITE": "None",
        }
        with monkeypatch.context() as patched:
            patched.setattr(settings, "_SAFE", kept | worse | {"LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true"})
            opened = server.start(home)
        try:
            monkeypatch.setenv("CORPUS_STUDIO_HOME", str(home))
            code, out, _ = corpus("doctor", "--format", "json")
            assert code == 1
            good = {"only-this-machine", "way-is-encrypted", "version-as-pinned", "user-was-named", "tokens-expire"}
            assert states(out, opened.url) == {check: "good" if check in good else "bad" for check in OF_THE_SERVER}
            named(monkeypatch, opened.url, opened.token)
            _, out, _ = corpus("doctor", "--format", "json")
            bad = {check for check, state in states(out, opened.url).items() if state == "bad"}
            assert bad >= {"sign-up-is-closed", "debug-is-off", "origins-are-closed", "page-policy-holds", "cookies-are-guarded"}
            assert bad >= {"addresses-are-guarded", "local-files-are-shut", "local-storage-is-off"}
        finally:
            server.stop(home)


class TestRules:
    def test_each_reading_decides_one_rule_three_ways(self) -> None:
        for rule in safety.RULES:
            for value, state in ((rule.safe, "good"), (not rule.safe, "bad"), (None, "unknown")):
                found = {one.question: one for one in safety.findings("u", {rule.reading: Reading(value=value)})}
                assert found[rule.question].state == state
                assert (found[rule.question].cure is not None) == (state == "bad")

    def test_a_server_of_the_network_is_told_from_one_of_this_machine(self) -> None:
        readings = examination._of_the_way("http://studio.example.org")
        assert {one.question for one in safety.findings("u", readings) if one.state == "bad"} == {"only-this-machine", "way-is-encrypted"}
        assert examination._of_the_way("https://studio.example.org")["in_the_clear"].value is False

    def test_one_that_listens_to_others_too_is_found(self) -> None:
        address = next(examination._addresses(), None)
        if address is None:
            absent("this machine has no address but its own")
        with socket.socket() as everywhere:
            everywhere.bind(("0.0.0.0", 0))  # noqa: S104 - that is what must be found
            everywhere.listen()
            found = examination._of_the_way(f"http://127.0.0.1:{everywhere.getsockname()[1]}")
        assert found["reached_by_others"].value is True
        assert f"listens at {address} too" in found["reached_by_others"].words


class TestInstallation:
    def test_without_a_server_it_says_so(self, corpus: Run, toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("CORPUS_STUDIO_HOME", "LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"):
            monkeypatch.delenv(name, raising=False)
        code, out, _ = corpus("doctor")
        assert code == 0
        assert re.search(r"^unknown  server: server-is-safe: none runs here", out, re.MULTILINE)
        assert f"unknown  {toy / '.label-studio'}: studio-as-locked: not installed\n" in out

    def test_packages_of_other_versions_are_named(self, toy: Path) -> None:
        (toy / "requirements").mkdir()
        (toy / "requirements" / "dev.lock").write_text(
            "pytest==0.1 \\\n    --hash=sha256:0\nnot-here==2 ; os_name == 'nt' \\\n", encoding="utf-8"
        )
        found = {one.question: one for one in installation.findings(toy)}
        assert found["packages-as-locked"].state == "bad"
        assert re.fullmatch(r"pytest is [0-9.]+, not 0\.1", found["packages-as-locked"].found)

    def test_a_missing_text_is_told(self, toy: Path) -> None:
        assert {one.question: one.state for one in installation.findings(toy)}["texts-at-hand"] == "good"
        (toy / "raw/toy/toy_0001.txt").unlink()
        assert {one.question: one.state for one in installation.findings(toy)}["texts-at-hand"] == "unknown"

    def test_a_full_disk_is_bad(self, toy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=12 * 1024**2))
        assert {one.question: one.state for one in installation.findings(toy)}["disk-has-room"] == "bad"

    @pytest.mark.studio
    def test_a_file_that_others_may_read_is_bad(self, studio_home: Path, tmp_path: Path) -> None:
        home = tmp_path / "home"
        home.mkdir(mode=0o700)
        (home / "venv").symlink_to(studio_home / "venv", target_is_directory=True)
        shutil.copy(studio_home / "login.json", home / "login.json")
        assert {one.question: one.state for one in upkeep.findings(home)} == dict.fromkeys(
            ("studio-as-locked", "template-is-sound", "files-are-private"), "good"
        )
        (home / "login.json").chmod(0o644)
        found = {one.question: one for one in upkeep.findings(home)}["files-are-private"]
        assert (found.state, found.found) == ("bad", "others on this machine may read login.json")

    def test_json_is_what_a_program_reads(self) -> None:
        one = Finding(subject="here", question="disk-has-room", state="good", found="1 GB free")
        value = {"subject": "here", "question": "disk-has-room", "state": "good", "found": "1 GB free", "cure": None}
        assert json.loads(health.as_json([one])) == [value]


@pytest.mark.studio
class TestTemplate:
    @pytest.fixture
    def program(self, studio_home: Path, tmp_path: Path) -> Path:
        """The installed program in an environment of its own, with a copy of the template."""
        installed = studio_home / "venv" / "bin" / "label-studio"
        program = tmp_path / "venv" / "bin" / "label-studio"
        program.parent.mkdir(parents=True)
        program.symlink_to(installed)
        made = template.path(installed)
        assert template.is_sound(installed)
        for suffix in (".sqlite3", ".sha256"):
            shutil.copy(made.with_suffix(suffix), template.path(program).with_suffix(suffix))
        return program

    def test_a_new_server_starts_from_it(self, program: Path, tmp_path: Path) -> None:
        data = tmp_path / "data"
        data.mkdir()
        assert template.seed(program, data)
        assert (data / template.DATABASE).read_bytes() == template.path(program).read_bytes()
        assert (data / template.DATABASE).stat().st_mode & 0o077 == 0
        assert users(data / template.DATABASE) == 0

    def test_a_database_that_is_there_is_left_alone(self, program: Path, tmp_path: Path) -> None:
        (tmp_path / template.DATABASE).write_bytes(b"mine")
        assert not template.seed(program, tmp_path)
        assert (tmp_path / template.DATABASE).read_bytes() == b"mine"

    @pytest.mark.parametrize("damage", ["a byte", "cut", "no note"])
    def test_a_damaged_one_is_known(self, program: Path, damage: str) -> None:
        spoil(template.path(program), damage)
        assert not template.is_sound(program)

    @pytest.mark.long
    def test_a_damaged_one_is_made_anew(self, program: Path, tmp_path: Path) -> None:
        spoil(template.path(program), "a byte")
        data = tmp_path / "data"
        data.mkdir()
        assert template.seed(program, data)
        assert template.is_sound(program)
        assert users(data / template.DATABASE) == 0
        assert len(list(template.path(program).parent.glob("template-*"))) == 2


def spoil(path: Path, damage: str) -> None:
    data = bytearray(path.read_bytes())
    if damage == "no note":
        path.with_suffix(".sha256").unlink()
        return
    data[5000] ^= 1
    path.write_bytes(data if damage == "a byte" else data[:-100])


def users(database: Path) -> int:
    held = sqlite3.connect(database)
    found = int(held.execute("SELECT count(*) FROM htx_user").fetchone()[0])
    held.close()
    return found


class TestPostgres:
    """A team's server keeps its database in PostgreSQL."""

    def test_the_address_is_taken_apart(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(settings.POSTGRES, "postgresql://team:a%40b@db.example.org:5433/cda")
        assert settings.database() == {
            "DJANGO_DB": "postgresql", "POSTGRE_HOST": "db.example.org", "POSTGRE_PORT": "5433", "POSTGRE_NAME": "cda",
            "POSTGRE_USER": "team", "POSTGRE_PASSWORD": "a@b",
        }  # fmt: skip

    @pytest.mark.parametrize("given", ["db", "mysql://u:SECRET@h/n", "postgresql://u:SECRET@h", "postgresql://u:SECRET@h:port/n"])
    def test_what_is_no_address_is_said_without_its_password(self, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
        monkeypatch.setenv(settings.POSTGRES, given)
        with pytest.raises(CorpusError, match=r"is no address of the form postgresql://") as refused:
            settings.database()
        assert "SECRET" not in str(refused.value)

    @pytest.mark.long
    @pytest.mark.studio
    def test_what_is_pushed_comes_back(
        self, corpus: Run, toy: Path, studio_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        home = tmp_path / "home"
        home.mkdir(mode=0o700)
        (home / "venv").symlink_to(studio_home / "venv", target_is_directory=True)
        monkeypatch.setenv("CORPUS_STUDIO_HOME", str(home))
        layers = {path: path.read_bytes() for path in toy.glob("annotations/toy_*/*.json")}
        with postgres() as port:
            monkeypatch.setenv(settings.POSTGRES, f"postgresql://team@127.0.0.1:{port}/postgres")
            server.start(home)
            try:
                assert not (home / "data" / template.DATABASE).exists()
                assert corpus("push")[0] == 0
                for path in layers:
                    path.unlink()
                assert corpus("pull")[0] == 0
            finally:
                server.stop(home)
        assert {path: path.read_bytes() for path in layers} == layers


@contextmanager
def postgres() -> Iterator[int]:
    """A database cluster of the test's own, on this machine only; it does not run as root."""
    if shutil.which("initdb") is None or (os.geteuid() == 0 and shutil.which("runuser") is None):
        absent("no PostgreSQL server here: install Debian's package postgresql")
    plain = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        if plain:
            shutil.chown(folder, "postgres")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder}"
        subprocess.run([*plain, "initdb", "-D", f"{folder}/db", "-U", "team", "-A", "trust"], check=True, capture_output=True, cwd="/")
        control = [*plain, "pg_ctl", "-D", f"{folder}/db", "-w", "-l", f"{folder}/log"]
        subprocess.run([*control, "-o", options, "start"], check=True, stdout=subprocess.DEVNULL, cwd="/")
        try:
            yield port
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, stdout=subprocess.DEVNULL, cwd="/")


@pytest.mark.studio
class TestSilence:
    """The server speaks to nobody off this machine, whatever page is asked for; its home page would, for tips."""

    PAGES = ("/", "/heidi-tips/", "/projects/", "/version/", "/user/account/", "/user/signup/", "/api/projects/", "/docs/api/schema/json/")

    def test_no_connection_leaves_the_machine(self, ours: Server) -> None:
        process = psutil.Process(ours.pid)
        over, seen = threading.Event(), set()

        def watch() -> None:
            while not over.is_set():
                for one in process.net_connections(kind="inet"):
                    seen.add((one.laddr.ip, one.raddr.ip if one.raddr else None))
                time.sleep(0.005)

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            self.visit(ours)
        finally:
            over.set()
            watching.join()
        assert ("127.0.0.1", "127.0.0.1") in seen  # it watches
        assert {address for pair in seen for address in pair} <= {"127.0.0.1", None}

    def test_the_system_is_not_even_asked(self, ours: Server, tmp_path: Path) -> None:
        """What strace sees of connect and sendto, names that are looked up among it."""
        if shutil.which("strace") is None:
            pytest.skip("no strace here; the test above looks at connections only")
        log = tmp_path / "calls"
        tracer = subprocess.Popen(["strace", "-f", "-qq", "-e", "trace=connect,sendto,sendmsg", "-p", str(ours.pid), "-o", str(log)])
        try:
            self.until(lambda: log.exists())
            time.sleep(0.5)
            self.visit(ours)
        finally:
            tracer.terminate()
            tracer.wait()
        calls = log.read_text(encoding="utf-8", errors="replace")
        assert 'sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")' in calls  # the dead proxy: it was asked, and it was seen
        assert set(re.findall(r'inet_addr\("([^"]+)"\)', calls)) == {"127.0.0.1"}
        assert set(re.findall(r'inet_pton\(AF_INET6, "([^"]+)"', calls)) <= {"::1"}

    def visit(self, ours: Server) -> None:
        """As a person logged in: every kind of page, and all that the pages ask for."""
        with httpx.Client(base_url=ours.url, timeout=60, trust_env=False, follow_redirects=True) as browser:
            browser.get("/user/login/")
            crumb = browser.cookies["csrftoken"]
            form = {"email": ours.email, "password": ours.password, "csrfmiddlewaretoken": crumb}
            assert browser.post("/user/login/", data=form, headers={"Referer": f"{ours.url}/user/login/"}).status_code == 200
            for page in self.PAGES:
                assert browser.get(page).status_code < 500 or page == "/heidi-tips/"

    def until(self, ready: Callable[[], bool]) -> None:
        for _ in range(100):
            if ready():
                return
            time.sleep(0.05)
        raise AssertionError
