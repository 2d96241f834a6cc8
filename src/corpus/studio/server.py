"""A Label Studio server on this machine, for this repository: loopback only, closed, silent, and proven to be ours.

Its folder holds the environment, the database and `server.json` (mode 600) with address and credentials; nothing of it is ever
printed but the address, and the log-in on request.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.problems import CorpusError
from corpus.studio import settings, template
from corpus.studio.install import program

if TYPE_CHECKING:
    import psutil

HOST = "127.0.0.1"
PATIENCE = 240  # seconds; a start takes about five on a free machine and a minute on a busy one


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server: url "http://127.0.0.1:8080", its process, and the credentials, which no repr shows."""

    url: str
    pid: int
    email: str
    password: str = field(repr=False)
    token: str = field(repr=False)


def start(home: Path, *, port: int | None = None) -> Server:
    """The server of this folder, started if it does not run; with a port only that one will do."""
    found = running(home)
    if found is not None and port in (None, int(found.url.rpartition(":")[2])):
        return found
    if found is not None:
        raise CorpusError(f"Label Studio runs at {found.url} already; for another port, corpus studio stop it first")
    executable, port = program(home), _free_port(port)
    login = _login(home)
    data = home / "data"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not settings.database():
        template.seed(executable, data)
    process = _spawn(executable, home, port, login)
    server = Server(url=f"http://{HOST}:{port}", pid=process.pid, **login)
    try:
        _wait(server, process, home)
    except BaseException:
        _end(process.pid)
        process.wait()
        raise
    process.returncode = 0  # it runs on without us; Popen would warn of a child that was forgotten
    _keep(home / "server.json", asdict(server))
    return server


def running(home: Path) -> Server | None:
    """The server of this folder, if it runs and answers to its own token."""
    server = _remembered(home)
    return server if server is not None and _is_ours(server) else None


def stop(home: Path) -> bool:
    """End the server of this folder; whether one ran."""
    server = _remembered(home)
    if server is None:
        return False
    ran = _process(server.pid) is not None
    if ran:
        _end(server.pid)
    (home / "server.json").unlink(missing_ok=True)
    return ran


def _spawn(executable: Path, home: Path, port: int, login: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    data = home / "data"
    environment = (
        settings.environment(data)
        | settings.database()
        | {
            "LABEL_STUDIO_USERNAME": login["email"],
            "LABEL_STUDIO_PASSWORD": login["password"],
            "LABEL_STUDIO_USER_TOKEN": login["token"],
        }
    )
    with _private(home / "server.log") as log:
        return subprocess.Popen(
            [str(executable), "start", "-b", "--internal-host", HOST, "-p", str(port)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, cwd=data, start_new_session=True, umask=0o077,
        )  # fmt: skip


def _wait(server: Server, process: "subprocess.Popen[bytes]", home: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise CorpusError(f"Label Studio ended while starting; the last lines of {home / 'server.log'} say why")
        if _answers(f"{server.url}/health", None) is not None:
            if not _is_ours(server):
                raise CorpusError(f"another server answers at {server.url}; choose another port with --port")
            return
        time.sleep(0.3)
    raise CorpusError(f"Label Studio did not answer within {PATIENCE} seconds; {home / 'server.log'} says why")


def _is_ours(server: Server) -> bool:
    """When a port is taken, Label Studio silently takes the next: only the answer to our token proves a port ours."""
    return (_answers(f"{server.url}/api/current-user/whoami", server.token) or {}).get("email") == server.email


def _answers(url: str, token: str | None) -> dict[str, Any] | None:
    request = urllib.request.Request(url, headers={"Authorization": f"Token {token}"} if token else {})  # noqa: S310, our own loopback address
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=10) as answer:
            value = json.load(answer)
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def _free_port(wanted: int | None) -> int:
    with socket.socket() as probe:
        # As the server itself does: without it a port counts as taken for a minute after a server on it was stopped.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted or 0))
        except OverflowError:
            raise CorpusError(f"there is no port {wanted}; ports go from 1 to 65535") from None
        except OSError:
            raise CorpusError(f"port {wanted} is taken; choose another with --port, or leave it out") from None
        port: int = probe.getsockname()[1]
        return port


def _login(home: Path) -> dict[str, str]:
    """The credentials of this folder's server, made once: the database keeps the user of its first start."""
    path = home / "login.json"
    if not path.is_file():
        _keep(path, {"email": "annotator@localhost.example", "password": secrets.token_urlsafe(18), "token": secrets.token_hex(20)})
    login: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return login


def _remembered(home: Path) -> Server | None:
    try:
        return Server(**json.loads((home / "server.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _keep(path: Path, value: Mapping[str, Any]) -> None:
    temporary = path.with_suffix(".new")
    with _private(temporary) as file:
        file.write(json.dumps(value).encode("utf-8"))
    temporary.replace(path)


def _private(path: Path) -> Any:
    """A new file that only its owner can read, from its first byte."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _process(pid: int) -> "psutil.Process | None":
    """The process, if it runs and is a Label Studio: a number alone may have passed to another program."""
    import psutil  # comes with the extra, and only a server of our own needs it

    try:
        process = psutil.Process(pid)
        return process if any("label-studio" in word for word in process.cmdline()) else None
    except psutil.Error:
        return None


def _end(pid: int) -> None:
    """Ask first, then insist; a child of this process is reaped, for a defunct one may still hold its port."""
    process = _process(pid)
    if process is None:
        return
    for kind in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(pid, kind)
        if _is_gone(process):
            return


def _is_gone(process: "psutil.Process") -> bool:
    import psutil

    return bool(psutil.wait_procs([process], timeout=10)[0])
