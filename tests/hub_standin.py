"""A stand-in for the Hub's API on loopback that serves the real huggingface_hub client, by Xet (a local:// store) or by LFS.

Commits, tags and trees are kept in memory, large files on disk. Faults can be played: `hub.faults` is asked before each answer.
The requests of the client were read off its own log; headers and error codes are those of huggingface_hub 2.4.
"""

import base64
import hashlib
import json
import re
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

DATE = "2026-11-01T00:00:00.000000Z"
TOKEN = "hf_standin"  # noqa: S105 - opens nothing but this
LARGE = (".parquet",)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a revision: its git or LFS hash, its size, and whether its bytes lie in the store."""

    oid: str
    size: int
    large: bool


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong: at requests that match, so many times; `after` means once the request has taken effect."""

    pattern: str
    play: str  # a status such as "503", "drop", "html" (a log-in page with status 200) or "cut" (half an answer)
    times: int = 1
    after: bool = False


@dataclass
class Hub:
    """The state behind the API."""

    store: Path
    xet: bool
    commits: dict[str, dict[str, File]] = field(default_factory=dict)
    parents: dict[str, str | None] = field(default_factory=dict)
    heads: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    blobs: dict[str, bytes] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    url: str = ""
    exists: bool = False
    alters: str = ""  # the file that is kept with other bytes than were sent

    def commit(self, files: dict[str, File]) -> str:
        """A new head of main."""
        parent = self.heads.get("main")
        listing = json.dumps([parent, sorted((name, one.oid) for name, one in files.items())])
        oid = hashlib.sha1(listing.encode()).hexdigest()  # noqa: S324 - as git names commits
        self.commits[oid], self.parents[oid], self.heads["main"] = files, parent, oid
        return oid

    def resolve(self, revision: str) -> str | None:
        """The commit that a branch, a tag or a commit names."""
        found = self.heads.get(revision) or self.tags.get(revision)
        return found or (revision if revision in self.commits else None)

    def history(self) -> int:
        """How many commits main has."""
        number, at = 0, self.heads.get("main")
        while at:
            number, at = number + 1, self.parents[at]
        return number

    def content(self, one: File) -> bytes | None:
        """The bytes of a file; None where only Xet has them."""
        path = self.store / "lfs" / one.oid
        return self.blobs.get(one.oid) or (path.read_bytes() if one.large and path.is_file() else None)

    def xet_hash(self, sha256: str) -> str | None:
        """The Xet hash of a file, from the shards that the client wrote: 48-byte records of file, chunks, and SHA-256."""
        for path in self.store.rglob("*.mdb"):
            for file_hash, found in _files_of_shard(path.read_bytes()):
                if found == sha256:
                    return file_hash
        return None

    def put_together(self, one: File) -> bytes:
        """A file that only the Xet store has, by the real client of it."""
        from hf_xet import XetFileInfo, XetSession

        path = self.store / "together" / one.oid
        if not path.is_file():
            path.parent.mkdir(exist_ok=True)
            group = XetSession().new_file_download_group(
                endpoint=f"local://{self.store}/cas",
                token="x",  # noqa: S106 - opens nothing
                token_expiry_unix_secs=4_000_000_000,
            )
            with group as files:
                files.start_download_file(XetFileInfo(str(self.xet_hash(one.oid)), one.size), str(path))
        return path.read_bytes()

    def take_fault(self, request: str, *, after: bool) -> str | None:
        """The fault that is due for a request, if any."""
        for at, fault in enumerate(self.faults):
            if fault.after == after and fault.times and re.search(fault.pattern, request):
                self.faults[at] = Fault(fault.pattern, fault.play, fault.times - 1, fault.after)
                return fault.play
        return None


@contextmanager
def standin(store: Path, *, xet: bool) -> Iterator[Hub]:
    """The stand-in, running."""
    hub = Hub(store=store, xet=xet)
    handler = type("Bound", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    hub.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _hash(raw: bytes) -> str:
    return "".join(f"{part:016x}" for part in struct.unpack("<4Q", raw))


def _files_of_shard(data: bytes) -> Iterator[tuple[str, str]]:
    """(Xet hash, SHA-256) of each file of a shard, xet-core's mdb_shard format: header 48 bytes, then file records."""
    at = 48
    while at + 48 <= len(data):
        raw, flags, entries = data[at : at + 32], *struct.unpack("<II", data[at + 32 : at + 40])
        if raw == b"\xff" * 32:
            return
        at += 48 + 48 * entries * (2 if flags & (1 << 31) else 1)
        if flags & (1 << 30):
            yield _hash(raw), _hash(data[at : at + 32])
            at += 48


class _Handler(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Nothing on the terminal."""

    def do_GET(self) -> None:
        self._served()

    def do_HEAD(self) -> None:
        self._served()

    def do_POST(self) -> None:
        self._served()

    def do_PUT(self) -> None:
        self._served()

    def _served(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = unquote(urlsplit(self.path).path)
        request = f"{self.command} {path}"
        self.hub.log.append(request)
        if self._played(request, after=False):
            return
        if self.command in ("POST", "PUT") and self.headers.get("Authorization") != f"Bearer {TOKEN}" and "/lfs/" not in path:
            return self._say(401, {"error": "Invalid credentials"})
        for pattern, answer in _ROUTES:
            found = re.fullmatch(pattern, path)
            if found:
                status, value, headers = answer(self, *found.groups(), body)
                if not self._played(request, after=True):
                    self._say(status, value, headers)
                return
        self._say(404, {"error": "no such route"})

    def _played(self, request: str, *, after: bool) -> bool:
        play = self.hub.take_fault(request, after=after)
        if play == "drop":
            self.close_connection = True
            self.connection.close()
        elif play == "html":
            self._say(200, b"<html><body>Please log in</body></html>", {"Content-Type": "text/html"})
        elif play == "cut":
            self._say(200, b'{"files": [', {"Content-Length": "400"})
            self.close_connection = True
            self.connection.close()
        elif play is not None:
            self._say(int(play), {"error": "played"})
        return play is not None

    def _say(self, status: int, value: Any, headers: dict[str, str] | None = None) -> None:
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        part = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "") if isinstance(value, bytes) and status == 200 else None
        if part:
            start, end = int(part[1]), min(int(part[2] or len(data) - 1), len(data) - 1)
            headers = dict(headers or {}) | {"Content-Range": f"bytes {start}-{end}/{len(data)}"}
            data, status = data[start : end + 1], 206
        self.send_response(status)
        given = dict(headers or {})
        self.send_header("Content-Length", given.pop("Content-Length", str(len(data))))
        for name, held in given.items():
            self.send_header(name, held)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query)

    # -- answers: each gives status, value, headers

    def create(self, body: bytes) -> Any:
        name = json.loads(body)["name"]
        if self.hub.exists:
            return 409, {"error": "You already created this dataset repo", "url": f"{self.hub.url}/datasets/org/{name}"}, {}
        self.hub.exists = True
        self.hub.commit({})
        return 200, {"url": f"{self.hub.url}/datasets/org/{name}"}, {}

    def yaml(self, body: bytes) -> Any:
        return 200, {"errors": [], "warnings": []}, {}

    def refs(self, repo: str, body: bytes) -> Any:
        if not self.hub.exists:
            return _missing("RepoNotFound")
        branches = [{"name": name, "ref": f"refs/heads/{name}", "targetCommit": oid} for name, oid in self.hub.heads.items()]
        tags = [{"name": name, "ref": f"refs/tags/{name}", "targetCommit": oid} for name, oid in self.hub.tags.items()]
        return 200, {"branches": branches, "tags": tags, "converts": []}, {}

    def preupload(self, repo: str, revision: str, body: bytes) -> Any:
        asked = json.loads(body)["files"]
        modes = [
            {"path": one["path"], "uploadMode": "lfs" if one["path"].endswith(LARGE) else "regular", "shouldIgnore": False} for one in asked
        ]
        return 200, {"files": modes, "commitOid": self.hub.resolve(revision)}, {}

    def xet_token(self, repo: str, kind: str, revision: str, body: bytes) -> Any:
        cas = f"local://{self.hub.store}/cas"
        value = {"accessToken": "x", "exp": 4_000_000_000, "casUrl": cas}
        return 200, value, {"X-Xet-Cas-Url": cas, "X-Xet-Access-Token": "x", "X-Xet-Token-Expiration": "4000000000"}

    def batch(self, repo: str, body: bytes) -> Any:
        asked = json.loads(body)
        if self.hub.xet and "xet" in asked.get("transfers", []):
            return 200, {"transfer": "xet", "objects": [{"oid": one["oid"], "size": one["size"]} for one in asked["objects"]]}, {}
        objects = [
            {"oid": one["oid"], "size": one["size"], "actions": {"upload": {"href": f"{self.hub.url}/lfs/{one['oid']}"}}}
            for one in asked["objects"]
        ]
        return 200, {"transfer": "basic", "objects": objects}, {}

    def put(self, oid: str, body: bytes) -> Any:
        path = self.hub.store / "lfs" / oid
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        return 200, {}, {}

    def commit(self, repo: str, revision: str, body: bytes) -> Any:
        lines = [json.loads(line) for line in body.splitlines() if line.strip()]
        parent = next(one["value"].get("parentCommit") for one in lines if one["key"] == "header")
        if parent and parent != self.hub.heads["main"]:
            return 412, {"error": "The branch has moved since"}, {}
        files = dict(self.hub.commits[self.hub.heads["main"]])
        for one in lines:
            value = one["value"]
            if one["key"] == "file":
                data = base64.b64decode(value["content"]) + (b" " if value["path"] == self.hub.alters else b"")
                oid = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()  # noqa: S324 - as git names blobs
                self.hub.blobs[oid] = data
                files[value["path"]] = File(oid, len(data), large=False)
            elif one["key"] == "lfsFile":
                files[value["path"]] = File(value["oid"], value["size"], large=True)
            elif one["key"] == "deletedFile":
                files.pop(value["path"], None)
        oid = self.hub.commit(files)
        return 200, {"success": True, "commitOid": oid, "commitUrl": f"{self.hub.url}/datasets/{repo}/commit/{oid}", "hookOutput": ""}, {}

    def tag(self, repo: str, revision: str, body: bytes) -> Any:
        name = json.loads(body)["tag"]
        if name in self.hub.tags:
            return 409, {"error": "Tag reference exists already"}, {}
        self.hub.tags[name] = str(self.hub.resolve(revision))
        return 200, {}, {}

    def revision(self, repo: str, revision: str | None, body: bytes) -> Any:
        if not self.hub.exists:
            return _missing("RepoNotFound")
        oid = self.hub.resolve(revision or "main")
        if oid is None:
            return _missing("RevisionNotFound")
        siblings = [{"rfilename": name} for name in sorted(self.hub.commits[oid])]
        value = {
            "_id": "1",
            "id": repo,
            "sha": oid,
            "lastModified": DATE,
            "createdAt": DATE,
            "private": False,
            "gated": False,
            "disabled": False,
        }
        return 200, value | {"tags": [], "downloads": 0, "likes": 0, "siblings": siblings}, {}

    def tree(self, repo: str, revision: str, folder: str | None, body: bytes) -> Any:
        oid = self.hub.resolve(revision)
        if oid is None:
            return _missing("RevisionNotFound")
        inside = {name: one for name, one in self.hub.commits[oid].items() if not folder or name.startswith(f"{folder}/")}
        deep = self.query().get("recursive", ["false"])[0].lower() in ("true", "1")
        base = len(folder) + 1 if folder else 0
        folders = {name[: base + name[base:].index("/")] for name in inside if "/" in name[base:]}
        entries: list[dict[str, Any]] = [{"type": "directory", "path": name, "oid": "0" * 40, "size": 0} for name in sorted(folders)]
        for name, one in sorted(inside.items()):
            if deep or "/" not in name[base:]:
                entry = {"type": "file", "path": name, "oid": one.oid if not one.large else one.oid[:40], "size": one.size}
                entries.append(entry | ({"lfs": {"oid": one.oid, "size": one.size, "pointerSize": 134}} if one.large else {}))
        return (200, entries, {}) if entries or not folder else _missing("EntryNotFound")

    def file(self, repo: str, revision: str, name: str, body: bytes) -> Any:
        oid = self.hub.resolve(revision)
        if oid is None:
            return _missing("RevisionNotFound")
        one = self.hub.commits[oid].get(name)
        if one is None:
            return 404, {"error": "Entry not found"}, {"X-Error-Code": "EntryNotFound", "X-Repo-Commit": oid}
        headers = {"X-Repo-Commit": oid, "ETag": f'"{one.oid}"', "Accept-Ranges": "bytes"}
        if one.large:
            headers |= {"X-Linked-Etag": f'"{one.oid}"', "X-Linked-Size": str(one.size)}
        data = self.hub.content(one)
        if data is None and self.command == "GET":  # a stream: the Hub's bridge puts the file together
            return 200, self.hub.put_together(one), headers
        if data is None:
            token = f"{self.hub.url}/api/datasets/{repo}/xet-read-token/{oid}"
            headers |= {
                "X-Xet-Hash": str(self.hub.xet_hash(one.oid)),
                "Link": f'<{token}>; rel="xet-auth"',
                "Content-Length": str(one.size),
            }
            return 200, b"", headers
        return 200, data, headers


def _missing(code: str) -> tuple[int, Any, dict[str, str]]:
    return 404, {"error": code}, {"X-Error-Code": code}


_REPO = r"([\w.-]+/[\w.-]+)"
_ROUTES: list[tuple[str, Callable[..., Any]]] = [
    (r"/api/repos/create", _Handler.create),
    (r"/api/validate-yaml", _Handler.yaml),
    (rf"/api/datasets/{_REPO}/refs", _Handler.refs),
    (rf"/api/datasets/{_REPO}/preupload/([^/]+)", _Handler.preupload),
    (rf"/api/datasets/{_REPO}/xet-(write|read)-token/([^/]+)", _Handler.xet_token),
    (rf"/datasets/{_REPO}\.git/info/lfs/objects/batch", _Handler.batch),
    (r"/lfs/([0-9a-f]+)", _Handler.put),
    (rf"/api/datasets/{_REPO}/commit/([^/]+)", _Handler.commit),
    (rf"/api/datasets/{_REPO}/tag/([^/]+)", _Handler.tag),
    (rf"/api/datasets/{_REPO}/revision/([^/]+)", _Handler.revision),
    (rf"/api/datasets/{_REPO}()", _Handler.revision),
    (rf"/api/datasets/{_REPO}/tree/([^/]+)(?:/(.*))?", _Handler.tree),
    (rf"/datasets/{_REPO}/resolve/([^/]+)/(.+)", _Handler.file),
]
