"""A server between the SDK and Label Studio that passes everything on, but for one request, which it answers as networks and servers do.

Each fault is played on the request that does the deed (an import, an export), or on the pages of a list, until it is lifted.
"""

import http.client
import http.server
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

HOST = "127.0.0.1"
LOGIN_PAGE = b"<!DOCTYPE html><html><body><form action='/user/login/'>Log in</form></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What Label Studio answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A misbehaviour: what it is in words, and how a request suffers it."""

    what: str
    play: Callable[["Handler", bytes], None]
    of_lists: bool = False


class Proxy(http.server.ThreadingHTTPServer):
    """Listens on a free port of this machine; knows the fault that is on, where redirects lead, and how the server is killed."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__((HOST, 0), Handler)
        self.upstream = urlsplit(upstream)
        self.fault: Fault | None = None
        self.suffers: Callable[[str, str], bool] = lambda method, path: False
        self.elsewhere = ""
        self.kill: Callable[[], None] = lambda: None
        self.lifted = threading.Event()
        self.asked: list[tuple[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is part of the play."""


class Handler(http.server.BaseHTTPRequestHandler):
    """One request."""

    server: Proxy

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, self.path))
        if self.server.fault is not None and self.server.suffers(self.command, self.path):
            self.server.fault.play(self, body)
        else:
            self.reply(self.forwarded(body))

    do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815, the names that http.server calls

    def forwarded(self, body: bytes, path: str | None = None) -> Reply:
        """The answer of Label Studio itself."""
        connection = self.sent(body, path)
        answer = connection.getresponse()
        reply = Reply(status=answer.status, headers=answer.getheaders(), body=answer.read())
        connection.close()
        return reply

    def sent(self, body: bytes, path: str | None = None) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(str(self.server.upstream.hostname), self.server.upstream.port, timeout=120)
        kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection", "accept-encoding")}
        connection.request(self.command, path or self.path, body, kept)
        return connection

    def reply(self, reply: Reply, *, length: int | None = None, body: bytes | None = None) -> None:
        """Pass an answer on, if need be with another body, or another length than the body has."""
        body = reply.body if body is None else body
        self.send_response(reply.status)
        for name, value in reply.headers:
            if name.lower() not in ("content-length", "transfer-encoding", "connection", "server", "date"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        self.wfile.write(body)

    def made_up(self, status: int, *headers: tuple[str, str], body: bytes = b'{"detail": "no"}') -> None:
        self.reply(Reply(status=status, headers=[("Content-Type", "application/json"), *headers], body=body))

    def dropped(self) -> None:
        self.close_connection = True

    def log_message(self, *args: Any) -> None:
        pass


def _after_commit(handler: Handler, body: bytes) -> None:
    handler.forwarded(body)
    handler.made_up(502)


def _dropped_after(handler: Handler, body: bytes) -> None:
    handler.forwarded(body)
    handler.dropped()


def _slow(handler: Handler, body: bytes) -> None:
    handler.forwarded(body)
    handler.server.lifted.wait(60)
    handler.dropped()


def _truncated(handler: Handler, body: bytes) -> None:
    reply = handler.forwarded(body)
    handler.reply(reply, length=len(reply.body), body=reply.body[: len(reply.body) // 2])
    handler.dropped()


def _wrong_length(handler: Handler, body: bytes) -> None:
    reply = handler.forwarded(body)
    handler.reply(reply, length=len(reply.body) // 2)


def _repeated(handler: Handler, body: bytes) -> None:
    handler.reply(handler.forwarded(body, handler.path.replace("page=2", "page=1")))


def _shifted(handler: Handler, body: bytes) -> None:
    """As when a row above was deleted between two pages: one item falls into no page."""
    reply = handler.forwarded(body)
    value = json.loads(reply.body)
    for name in ("tasks", "results"):
        value[name] = value.get(name, [])[1:]
    handler.reply(reply, body=json.dumps(value).encode())


def _bad_utf8(handler: Handler, body: bytes) -> None:
    reply = handler.forwarded(body)
    handler.reply(reply, body=reply.body[:1] + b'"\xff\xfe": 1, ' + reply.body[1:])


def _killed(handler: Handler, body: bytes) -> None:
    connection = handler.sent(body)
    handler.server.kill()
    connection.close()
    handler.dropped()


def _elsewhere(handler: Handler, body: bytes) -> None:
    handler.made_up(307, ("Location", f"{handler.server.elsewhere}{handler.path}"))


FAULTS = {
    "500": Fault(what="status 500, and nothing done", play=lambda handler, body: handler.made_up(500)),
    "502-after-commit": Fault(what="status 502 from a gateway, after the server did it", play=_after_commit),
    "dropped-before": Fault(what="the connection is closed before the server hears of it", play=lambda handler, body: handler.dropped()),
    "dropped-after": Fault(what="the connection is closed after the server did it", play=_dropped_after),
    "slow": Fault(what="no answer in time, though the server did it", play=_slow),
    "login-page": Fault(what="status 200 with a page to log in", play=lambda handler, body: handler.made_up(200, body=LOGIN_PAGE)),
    "401": Fault(what="status 401", play=lambda handler, body: handler.made_up(401)),
    "403": Fault(what="status 403", play=lambda handler, body: handler.made_up(403)),
    "404": Fault(what="status 404", play=lambda handler, body: handler.made_up(404)),
    "429": Fault(what="status 429 with Retry-After: 1", play=lambda handler, body: handler.made_up(429, ("Retry-After", "1"))),
    "truncated": Fault(what="half of the body, then the end", play=_truncated),
    "wrong-length": Fault(what="a Content-Length of half the body", play=_wrong_length),
    "repeated-page": Fault(what="the first page of a list again in place of the second", play=_repeated, of_lists=True),
    "shifted-page": Fault(what="a page of a list that begins an item late", play=_shifted, of_lists=True),
    "redirect": Fault(what="status 307 to another host", play=_elsewhere),
    "bad-utf8": Fault(what="bytes in the body that are not UTF-8", play=_bad_utf8),
    "killed": Fault(what="the server is killed at work, and started again for the next run", play=_killed),
}


@contextmanager
def proxy(upstream: str) -> Iterator[Proxy]:
    """A proxy that runs."""
    with Proxy(upstream) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield running
        running.lifted.set()
        running.shutdown()
        thread.join()


@dataclass(slots=True)
class Elsewhere:
    """Another host: what reached it."""

    url: str
    heard: list[str] = field(default_factory=list)


@contextmanager
def another_host() -> Iterator[Elsewhere]:
    """A host that is not ours to tell anything; it keeps what it hears."""
    found = Elsewhere(url="")

    class Listener(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            found.heard.append(f"{self.command} {self.path} {dict(self.headers)}")
            self.send_response(200)
            self.end_headers()

        do_GET = do_POST = answer  # noqa: N815, the names that http.server calls

        def log_message(self, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer((HOST, 0), Listener) as listening:
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        found.url = f"http://{HOST}:{listening.server_port}"
        yield found
        listening.shutdown()
        thread.join()
