"""The gate for strangers: hostile changes by name, each refused for its one reason, honest ones that pass, and the script on a real git.

A proposal in git is made by plumbing on top of a base that holds the toy corpus, so its files never come near the working tree.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from corpus import codec, policy, schema
from corpus.policy import Change, review
from tests.conftest import ROOT, TOY

SCRIPT = ROOT / "scripts" / "review_changes.py"
WORKFLOW = ROOT / ".github" / "workflows" / "data.yml"

OWN = "annotations/toy_0001/a3f1.json"
NEW = "annotations/toy_0002/a3f1.json"
COLLEAGUES = "annotations/toy_0002/4b22.json"
GOLD = "annotations/toy_0003/gold.json"
EXISTING = [path.relative_to(TOY).as_posix() for path in TOY.rglob("*") if path.is_file()] + ["Makefile", ".github/workflows/data.yml"]
DATA = {path: (TOY / path).read_bytes() for path in (OWN, COLLEAGUES, GOLD)}
IDS = schema.load("annotation")["$defs"]


def layer(path: str, **changed: Any) -> bytes:
    """The toy layer as if it were that of another path, with other values."""
    document, name = ["", *path.split("/")][-2:]
    said = {"document": document, "annotator": name.removesuffix(".json")}
    return json.dumps(json.loads(DATA[OWN]) | said | changed, indent=2).encode()


def added(path: str, data: bytes | None = None, mode: str = "100644") -> Change:
    return Change(path=path, kind="added", mode=mode, old=None, new=layer(path) if data is None else data)


def modified(path: str, data: bytes | None = None, old: bytes | None = None) -> Change:
    return Change(path=path, kind="modified", mode="100644", old=old or layer(path), new=layer(path) if data is None else data)


def deleted(path: str, old: bytes | None = None) -> Change:
    return Change(path=path, kind="deleted", mode="000000", old=old or layer(path), new=None)


def renamed(was: str, path: str, data: bytes | None = None) -> Change:
    return Change(path=path, was=was, kind="renamed", mode="100644", old=layer(was), new=layer(path) if data is None else data)


def typed(words: str) -> bytes:
    """A layer with a name that somebody typed."""
    return layer(NEW, mentions=[{"id": "m1", "label": "source", "canonical_source": words, "spans": []}])


def marked(*places: tuple[int, int]) -> Change:
    """The own layer, of nine mentions, with mentions at these places instead."""
    return modified(OWN, layer(OWN, mentions=[{"id": "m", "spans": [{"start": start, "end": end}]} for start, end in places]))


def documents(number: int) -> list[Change]:
    return [added(f"annotations/toy-{at}-x/a3f1.json") for at in range(2, 2 + number)]


Changes = Change | list[Change]
ELSEWHERE = [(at, at + 1) for at in range(500, 509)]
HOSTILE: dict[str, tuple[Changes, str]] = {
    "501 files": (documents(501), "request-is-small"),
    "line end in a path": (added("annotations/toy_0001/a3f1.json\n"), "path-has-no-hidden-character"),
    "escape sequence in a path": (added("annotations/\x1b[2J/a3f1.json"), "path-has-no-hidden-character"),
    "NUL in a path": (added("annotations/toy_0001/a3f1.json\0.exe"), "path-has-no-hidden-character"),
    "right-to-left override in a path": (added("annotations/toy_0001/\u202enosj.1f3a"), "path-has-no-hidden-character"),
    "zero-width space in a path": (added("annotations/toy_\u200b0001/a3f1.json"), "path-has-no-hidden-character"),
    "Hangul filler in a path": (added("annotations/toy_0001/\u3164.json"), "path-has-no-hidden-character"),
    "half a surrogate in a path": (added("annotations/toy_0001/\udcff.json"), "path-has-no-hidden-character"),
    "steps upwards": (added("annotations/../../etc/cron.d/a3f1.json"), "path-stays-inside"),
    "dot step": (added("annotations/./toy_0001/4b22.json"), "path-stays-inside"),
    "absolute path": (added("/etc/passwd"), "path-stays-inside"),
    "empty path": (added(""), "path-stays-inside"),
    "backslashes": (added("annotations\\toy_0001\\4b22.json"), "path-stays-inside"),
    "git hook": (added(".git/hooks/post-checkout"), "path-stays-inside"),
    "git folder in capitals": (added("annotations/.GIT/config"), "path-stays-inside"),
    "name of 300 characters": (added(f"annotations/{'a' * 300}/a3f1.json"), "path-is-short"),
    "device as document": (added("annotations/con/a3f1.json"), "path-works-everywhere"),
    "device as file": (added("annotations/toy_0001/NUL.json"), "path-works-everywhere"),
    "device with an extension": (added("annotations/aux.2001/a3f1.json"), "path-works-everywhere"),
    "dot at the end of a folder": (added("annotations/toy_0001./a3f1.json"), "path-works-everywhere"),
    "hidden stream of a file": (added("annotations/toy_0001/a3f1.json:x"), "path-works-everywhere"),
    "file in other case": (added("annotations/toy_0001/A3F1.json"), "path-has-no-twin"),
    "folder in other case": (added("annotations/TOY_0001/4b22.json"), "path-has-no-twin"),
    "settings in other case": (added(".GitHub/workflows/mine.yml"), "path-has-no-twin"),
    "NFC beside NFD": ([added("annotations/caf\u00e9/a3f1.json"), added("annotations/cafe\u0301/a3f1.json")], "path-has-no-twin"),
    "Cyrillic letter": (added("annotations/toy_0001/\u04303f1.json"), "path-has-no-twin"),
    "full-width digits": (added("annotations/toy_\uff10\uff10\uff10\uff11/4b22.json"), "path-has-no-twin"),
    "letter o for zero": (added("annotations/toy_ooo1/4b22.json"), "path-has-no-twin"),
    "same path twice": ([added(NEW), added(NEW)], "path-has-no-twin"),
    "gold changed": (modified(GOLD, b"{}"), "maintained-file-is-unchanged"),
    "gold added": (added("annotations/toy_0001/gold.json"), "maintained-file-is-unchanged"),
    "gold deleted": (deleted(GOLD), "maintained-file-is-unchanged"),
    "layer renamed to gold": (renamed(OWN, "annotations/toy_0001/gold.json"), "maintained-file-is-unchanged deletion-names-its-sender"),
    "annotator declares themselves": (modified("annotations/annotators.json"), "maintained-file-is-unchanged"),
    "record of the last release": (modified("annotations/released.json"), "maintained-file-is-unchanged"),
    "guidelines rewritten": (modified("annotations/GUIDELINES.md"), "maintained-file-is-unchanged"),
    "schema loosened": (modified("schema/annotation.schema.json"), "maintained-file-is-unchanged"),
    "check removed": (modified("src/corpus/checks/of_text.py"), "maintained-file-is-unchanged"),
    "test skipped": (modified("tests/conftest.py"), "maintained-file-is-unchanged"),
    "script changed": (modified("scripts/review_changes.py"), "maintained-file-is-unchanged"),
    "text of record edited": (modified("raw/toy/toy_0001.txt"), "maintained-file-is-unchanged"),
    "article added": (added("raw/toy/toy_0004.json"), "maintained-file-is-unchanged"),
    "workflow edited": (modified(".github/workflows/data.yml"), "maintained-file-is-unchanged"),
    "workflow added": (added(".github/workflows/mine.yml"), "maintained-file-is-unchanged"),
    "filter named": (added(".gitattributes", b"* filter=evil\n"), "maintained-file-is-unchanged"),
    "filter named deep inside": (added("annotations/toy_0001/.gitattributes"), "maintained-file-is-unchanged"),
    "submodules listed": (added(".gitmodules"), "maintained-file-is-unchanged"),
    "what make runs": (modified("Makefile"), "maintained-file-is-unchanged"),
    "what is installed": (modified("pyproject.toml"), "maintained-file-is-unchanged"),
    "lock file": (modified("requirements/dev.lock"), "maintained-file-is-unchanged"),
    "lock file at the root": (added("uv.lock"), "maintained-file-is-unchanged"),
    "card edited": (modified("DATASHEET.md"), "maintained-file-is-unchanged"),
    "name instead of a pseudonym": (added("annotations/toy_0001/ilse.json"), "path-is-of-a-layer"),
    "pseudonym in capitals": (added("annotations/toy_0002/C0DE.json"), "path-is-of-a-layer"),
    "document of 81 characters": (added(f"annotations/{'a' * 81}/a3f1.json"), "path-is-of-a-layer"),
    "document with an accent": (added("annotations/caf\u00e9/a3f1.json"), "path-is-of-a-layer"),
    "file beside the layers": (added("annotations/a3f1.json"), "path-is-of-a-layer"),
    "layer in a layer's folder": (added("annotations/toy_0001/a3f1.json/a3f1.json"), "path-is-of-a-layer"),
    "pickle": (added("annotations/toy_0001/a3f1.pkl"), "path-is-of-a-layer"),
    "link at the root": (added("data", b"/etc", "120000"), "path-is-of-a-layer"),
    "symbolic link": (added(NEW, b"/etc/passwd", "120000"), "file-is-regular"),
    "submodule": (Change(path=NEW, kind="added", mode="160000", old=None, new=None), "file-is-regular"),
    "executable": (added(NEW, mode="100755"), "file-is-regular"),
    "mode of old": (added(NEW, mode="100664"), "file-is-regular"),
    "layers of two annotators": ([modified(OWN), modified(COLLEAGUES)], "layer-is-its-senders"),
    "layer deleted by nobody": (deleted(OWN), "deletion-names-its-sender"),
    "layer renamed by nobody": (renamed(OWN, NEW), "deletion-names-its-sender"),
    "2 MiB": (added(NEW, layer(NEW) + b" " * 2**21), "file-is-small"),
    "zip archive": (added(NEW, b"PK\x03\x04" + bytes(60)), "file-is-json"),
    "gzip archive": (added(NEW, b"\x1f\x8b\x08\x00" + bytes(60)), "file-is-json"),
    "pickle by the name of a layer": (added(NEW, b"\x80\x04cos\nsystem\n."), "file-is-json"),
    "pointer to large storage": (added(NEW, b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"), "file-is-json"),
    "picture": (added(NEW, b"\x89PNG\r\n\x1a\n" + bytes(60)), "file-is-json"),
    "empty file": (added(NEW, b""), "file-is-json"),
    "blanks": (added(NEW, b" \n"), "file-is-json"),
    "UTF-16": (added(NEW, layer(NEW).decode().encode("utf-16")), "file-is-json"),
    "key twice": (added(NEW, layer(NEW).replace(b'{\n  "schema"', b'{\n  "annotator": "gold",\n  "schema"', 1)), "file-is-json"),
    "not a number": (added(NEW, layer(NEW).replace(b'"start": 0', b'"start": NaN')), "file-is-json"),
    "lists in lists": (added(NEW, b"[" * 100_000 + b"]" * 100_000), "file-is-json"),
    "two layers in one file": (added(NEW, layer(NEW) * 2), "file-is-json"),
    "annotator spoofed": (added(NEW, layer(NEW, annotator="4b22")), "layer-is-of-its-path"),
    "gold claimed": (added(NEW, layer(NEW, annotator="gold")), "layer-is-of-its-path"),
    "another document": (added(NEW, layer(NEW, document="toy_0001")), "layer-is-of-its-path"),
    "list instead of a layer": (added(NEW, b"[]"), "layer-is-of-its-path"),
    "renamed and still another's": (renamed(COLLEAGUES, NEW, layer(COLLEAGUES)), "layer-is-its-senders"),
    "name turned round": (added(NEW, typed("Ilse \u202enraV\u202c")), "strings-have-no-hidden-character"),
    "name with a zero-width joiner": (added(NEW, typed("Harrow\u200d Front")), "strings-have-no-hidden-character"),
    "name with a tag character": (added(NEW, typed("Front\U000e0041")), "strings-have-no-hidden-character"),
    "name with a control character": (added(NEW, typed("Front\x1b[31m")), "strings-have-no-hidden-character"),
    "key nobody sees": (added(NEW, layer(NEW, **{"note\u200b": 1})), "strings-have-no-hidden-character"),
    "path of a quote as a key": (added(NEW, layer(NEW, **{"mentions/0/spans/0/quote": "\u202e"})), "strings-have-no-hidden-character"),
    "most mentions deleted": (marked((0, 15), (16, 20)), "most-mentions-stay"),
    "most mentions put elsewhere": (marked(*ELSEWHERE), "most-mentions-stay"),
    "one mention nine times": (marked(*[(0, 15)] * 9), "most-mentions-stay"),
    "mentions no list": (modified(OWN, layer(OWN, mentions={"start": 0})), "most-mentions-stay"),
}
AS_4B22: dict[str, tuple[Changes, str]] = {
    "colleague's layer edited": (modified(OWN), "layer-is-its-senders"),
    "layer in a colleague's name": (added(NEW), "layer-is-its-senders"),
    "colleague's layer deleted": (deleted(OWN), "layer-is-its-senders"),
    "colleague's layer taken over": (renamed(OWN, "annotations/toy_0001/4b22.json"), "layer-is-its-senders"),
    "colleague's layer among the own": ([modified(COLLEAGUES), modified(OWN)], "layer-is-its-senders"),
    "own layer deleted": (deleted(COLLEAGUES), "most-mentions-stay"),
    "gold changed by an annotator": (modified(GOLD), "maintained-file-is-unchanged"),
}
HONEST: dict[str, tuple[Changes, str | None]] = {
    "nothing": ([], None),
    "new layer": (added(NEW), None),
    "new layer of a named sender": (added(NEW), "a3f1"),
    "layer of an annotator who is new here": (added("annotations/toy_0001/c0de.json"), None),
    "own layer corrected": (modified(OWN, layer(OWN, links=[])), "a3f1"),
    "own layer corrected, sender not named": (modified(OWN, layer(OWN, links=[])), None),
    "two new articles": ([added("annotations/lee_0001/a3f1.json"), added("annotations/lee_0003/a3f1.json")], None),
    "500 files": (documents(500), "a3f1"),
    "names with dashes": (added("annotations/harbour-news_1/a3f1.json"), None),
    "document of 80 characters": (added(f"annotations/{'a' * 80}/a3f1.json"), None),
    "1 MiB": (added(NEW, (layer(NEW) + b" " * 2**20)[: 2**20]), None),
    "half of the mentions deleted": (marked((0, 15), (16, 20), (31, 86), (88, 97), (98, 104)), None),
    "every mention shortened": (marked((1, 15), (17, 20), (32, 86), (89, 97), (98, 103), (106, 119), (123, 151)), None),
    "mentions added": (modified(OWN, DATA[OWN], old=layer(OWN, mentions=[])), None),
    "own empty layer deleted": (deleted(OWN, layer(OWN, mentions=[])), "a3f1"),
    "name in another script": (added(NEW, typed("دينا حلمي, 王芳, Zoë Ødegård")), None),
    "text with a joined emoji": (
        added(NEW, layer(NEW, mentions=[{"id": "m1", "spans": [{"start": 0, "end": 3, "quote": "👩\u200d🚀"}]}])),
        None,
    ),
}


def listed(changes: Changes) -> list[Change]:
    return changes if isinstance(changes, list) else [changes]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_change_is_refused_for_its_reason(name: str) -> None:
    changes, expected = HOSTILE[name]
    assert {problem.check for problem in review(listed(changes), None, EXISTING)} == set(expected.split())


@pytest.mark.parametrize("name", AS_4B22)
def test_annotator_keeps_to_the_own_layers(name: str) -> None:
    changes, expected = AS_4B22[name]
    assert {problem.check for problem in review(listed(changes), "4b22", EXISTING)} == {expected}


@pytest.mark.parametrize("name", HONEST)
def test_honest_change_passes(name: str) -> None:
    changes, owner = HONEST[name]
    assert review(listed(changes), owner, EXISTING) == []


def test_every_rule_is_broken_by_a_hostile_change() -> None:
    broken = {check for _, expected in (*HOSTILE.values(), *AS_4B22.values()) for check in expected.split()}
    assert broken == {check.__name__.replace("_", "-") for check in policy.CHECKS}


def test_fault_is_told_in_ascii_with_its_cure() -> None:
    for changes, _ in HOSTILE.values():
        for problem in review(listed(changes), None, EXISTING):
            assert (problem.where + problem.pointer).replace("…", "").isascii()
            assert problem.message.isprintable()
            assert problem.hint
            assert problem.hint.endswith(".")


def test_change_in_a_letters_case_alone_is_no_twin_of_what_it_replaces() -> None:
    was = "annotations/Toy_0009/a3f1.json"
    assert {problem.check for problem in review([renamed(was, was.lower())], "a3f1", [was])} == {"path-is-of-a-layer"}


ALLOWED = st.from_regex(r"annotations/[a-z0-9]{1,4}([_-][a-z0-9]{1,3}){0,2}/[0-9a-f]{4}\.json", fullmatch=True)
BITS = st.sampled_from(
    ["annotations", "/", "toy_0001", "a3f1", ".json", "gold", "..", "\\", "con", "\n", "\u202e", "A", "é", "raw", " ", "_", "-"]
)
PATHS = st.one_of(st.text(), st.text(st.characters()), st.lists(BITS | st.characters(), max_size=8).map("".join), ALLOWED)
DAMAGED = st.tuples(ALLOWED, st.integers(0, 30), st.characters()).map(lambda one: one[0][: one[1]] + one[2] + one[0][one[1] :])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["mentions", "spans", "start", "end", "document"]), inner),
)


@given(path=PATHS | DAMAGED)
def test_nothing_outside_the_pattern_passes(path: str) -> None:
    problems = review([added(path, layer(path) if path.count("/") == 2 and path.isascii() else b"{}")], None, EXISTING)
    if problems == []:
        top, document, file = path.split("/")
        assert (top, file[4:]) == ("annotations", ".json")
        assert re.search(IDS["document_id"]["pattern"], document)
        assert len(document) <= IDS["document_id"]["maxLength"]
        assert re.search(IDS["annotator_id"]["pattern"], file[:4])


@given(path=ALLOWED)
def test_the_pattern_passes(path: str) -> None:
    assert {problem.check for problem in review([added(path)], None)} <= {"path-works-everywhere"}  # such as annotations/con/…


@given(
    data=st.binary() | JSON.map(lambda value: json.dumps(value).encode()), kind=st.sampled_from(["added", "modified", "deleted", "renamed"])
)
def test_no_content_stops_the_review(data: bytes, kind: policy.Kind) -> None:
    change = Change(path=NEW, kind=kind, mode="100644", old=data, new=None if kind == "deleted" else data, was=OWN)
    review([change], None, EXISTING)
    review([modified(OWN, data), deleted(COLLEAGUES, data)], "a3f1", EXISTING)


# The script, on a real repository.

Entry = tuple[str, bytes | str] | None  # mode, and bytes or the id of an object; None deletes
FILE, LINK, PROGRAM, SUBMODULE = "100644", "120000", "100755", "160000"
NOTHING, MISSING = "0" * 40, "1" * 40
QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": os.devnull}
PEOPLE = {f"GIT_{who}_{what}": "nobody@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | QUIET | PEOPLE


class Repository:
    """A git repository whose base is the toy corpus, and proposals on top of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "--quiet")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "base")
        self.base = self.git("rev-parse", "HEAD")

    def git(self, *words: str, data: bytes | None = None, **environment: str) -> str:
        done = subprocess.run(["git", *words], cwd=self.folder, input=data, capture_output=True, check=True, env=ENVIRONMENT | environment)
        return done.stdout.decode().strip()

    def propose(self, files: dict[str, Entry], onto: str | None = None) -> str:
        """A commit that changes these files, and no file on disk."""
        index = {"GIT_INDEX_FILE": str(self.folder / ".git" / "proposal")}
        self.git("read-tree", onto or self.base, **index)
        told = "".join(self.told(path, entry) for path, entry in files.items())
        self.git("update-index", "-z", "--index-info", data=told.encode(), **index)
        return self.committed(self.git("write-tree", "--missing-ok", **index), onto or self.base)

    def told(self, path: str, entry: Entry) -> str:
        return f"0 {NOTHING}\t{path}\0" if entry is None else f"{entry[0]} {self.stored(entry[1])}\t{path}\0"

    def stored(self, data: bytes | str) -> str:
        return data if isinstance(data, str) else self.git("hash-object", "-w", "--stdin", data=data)

    def committed(self, tree: str, *parents: str) -> str:
        return self.git("commit-tree", tree, *(word for parent in parents for word in ("-p", parent)), "-m", "proposal")

    def review(self, head: str, *options: str, base: str | None = None) -> tuple[int, str, str]:
        """Exit code, standard output, standard error of the script."""
        command = [sys.executable, str(SCRIPT), base or self.base, head, "--repo", str(self.folder), *options]
        done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, cwd=self.folder.parent)
        return done.returncode, done.stdout, done.stderr


@pytest.fixture
def repository(toy: Path) -> Repository:
    return Repository(toy)


def moved(data: bytes) -> bytes:
    """The layer with one span a character further on."""
    return data.replace(b'"start": 16,', b'"start": 17,', 1)


ANOTHERS = DATA[COLLEAGUES]
MINE = ANOTHERS.replace(b'"4b22"', b'"a3f1"').replace(b'"model"', b'"by_hand"')  # a sound reading of toy_0002
NOWHERE = MINE.replace(b"toy_0002", b"toy_0009")
UNDECLARED = "annotations/toy_0002/c0de.json"
PROPOSALS: dict[str, tuple[dict[str, Entry], str, str]] = {
    "symbolic link": ({NEW: (LINK, b"/etc/passwd")}, NEW, "file-is-regular"),
    "submodule": ({NEW: (SUBMODULE, MISSING)}, NEW, "file-is-regular"),
    "executable": ({NEW: (PROGRAM, MINE)}, NEW, "file-is-regular"),
    "layer turned into a link": ({OWN: (LINK, b"4b22.json")}, OWN, "file-is-regular"),
    "colleague's layer": ({COLLEAGUES: (FILE, ANOTHERS[:-1])}, COLLEAGUES, "layer-is-its-senders"),
    "2 MiB": ({NEW: (FILE, MINE + b"\n" * 2**21)}, NEW, "file-is-small"),
    "gold changed": ({GOLD: (FILE, DATA[GOLD][:-1])}, GOLD, "maintained-file-is-unchanged"),
    "workflow touched": ({".github/workflows/data.yml": (FILE, b"on: push")}, ".github/workflows/data.yml", "maintained-file-is-unchanged"),
    "text of record edited": ({"raw/toy/toy_0001.txt": (FILE, b"Mayor")}, "raw/toy/toy_0001.txt", "maintained-file-is-unchanged"),
    "own layer deleted": ({OWN: None}, OWN, "most-mentions-stay"),
    "own layer renamed": ({OWN: None, NEW: (FILE, MINE)}, OWN, "most-mentions-stay"),
    "no JSON": ({NEW: (FILE, b"\x80\x04.")}, NEW, "file-is-json"),
    "offsets moved": ({OWN: (FILE, moved(DATA[OWN]))}, OWN, "quote-matches-text"),
    "no canonical form": ({NEW: (FILE, MINE + b"\n")}, NEW, "form-is-canonical"),
    "no such article": ({"annotations/toy_0009/a3f1.json": (FILE, NOWHERE)}, "annotations/toy_0009/a3f1.json", "document-is-known"),
}


@pytest.mark.parametrize("name", PROPOSALS)
def test_script_refuses(name: str, repository: Repository) -> None:
    files, where, check = PROPOSALS[name]
    code, out, err = repository.review(repository.propose(files), "--owner", "a3f1")
    assert (code, err) == (1, "")
    assert re.findall(r"^(\S+?)(?::\d+:\d+)? \S+ \[([a-z-]+)\] ", out, re.MULTILINE) == [(where, check)]


def test_script_takes_an_honest_layer(repository: Repository) -> None:
    head = repository.propose({NEW: (FILE, MINE)})
    assert repository.review(head) == repository.review(head, "--owner", "a3f1") == (0, "no problems\n", "")
    assert repository.review(head, "--format", "json") == (0, "[]\n", "")
    assert repository.review(repository.base) == (0, "no problems\n", "")


def test_script_refuses_an_annotator_whom_nobody_declared(repository: Repository) -> None:
    code, out, _ = repository.review(repository.propose({UNDECLARED: (FILE, MINE.replace(b'"a3f1"', b'"c0de"'))}))
    assert (code, "[annotator-is-known]" in out) == (1, True)


def test_script_tells_what_a_sound_layer_breaks_elsewhere(repository: Repository) -> None:
    path = "annotations/toy_0003/a3f1.json"
    value = json.loads((TOY / path).read_bytes())
    value["links"] = value["links"][:-1]
    code, out, _ = repository.review(repository.propose({path: (FILE, codec.canonical(value))}), "--owner", "a3f1")
    assert (code, out.startswith(GOLD), "[gold-is-made-from-its-layers]" in out) == (1, True, True)


def test_script_speaks_to_programs_and_pull_requests(repository: Repository) -> None:
    head = repository.propose({NEW: (LINK, b"/etc/passwd")})
    _, out, _ = repository.review(head, "--format", "json")
    assert [(one["where"], one["check"]) for one in json.loads(out)] == [(NEW, "file-is-regular")]
    _, out, _ = repository.review(head, "--format", "github")
    assert out.startswith(f"::error file={NEW},title=file-is-regular::/: mode 120000 is a symbolic link Cure: ")


def test_script_holds_the_proposal_to_where_it_left_the_base(repository: Repository) -> None:
    head = repository.propose({NEW: (FILE, MINE)})
    later = repository.propose({OWN: None, "Makefile": (FILE, b"all:")})
    assert repository.review(head, base=later) == (0, "no problems\n", "")


def test_script_is_not_deceived_by_crafted_trees(repository: Repository) -> None:
    blob = repository.stored(MINE)
    tree = repository.git(
        "mktree", "-z", data=b"".join(b"100644 blob %s\t%s\0" % (blob.encode(), path) for path in (b"..", b"\xff\n::error::"))
    )
    head = repository.committed(tree, repository.base)
    code, out, _ = repository.review(head, "--format", "github")
    assert code == 1
    assert all(line.startswith("::error file=") for line in out.splitlines())
    assert "file=..,title=path-stays-inside" in out
    assert "file=\\\\xff\\n%3A%3Aerror%3A%3A,title=path-has-no-hidden-character" in out


def test_script_reads_no_more_than_it_must_of_a_flood(repository: Repository) -> None:
    head = repository.propose({f"annotations/toy-{at}-x/a3f1.json": (FILE, MISSING) for at in range(501)})  # no such object
    code, out, _ = repository.review(head)
    assert (code, out.count("[request-is-small]"), out.count("[")) == (1, 1, 1)


def test_hydrated_texts_beside_the_base_are_held_to(toy: Path) -> None:
    source = toy / "raw/toy/source.json"
    source.write_bytes(codec.canonical(json.loads(source.read_bytes()) | {"text": "withheld", "hydrate": {"from": "file"}}))
    (toy / ".gitignore").write_text("/raw/toy/*.txt\n", encoding="utf-8")
    withheld = re.sub(rb'"quote": ".*"', b'"quote": null', DATA[OWN])
    (toy / OWN).write_bytes(withheld)
    repository = Repository(toy)
    sound, broken = (
        repository.propose({OWN: (FILE, data)}) for data in (withheld.replace(b'"by_hand"', b'"from_suggestion"'), moved(withheld))
    )
    assert repository.review(sound) == (0, "no problems\n", "")
    assert "[quote-matches-text]" in repository.review(broken)[1]


@pytest.mark.parametrize(
    "make", [lambda it: "no-such-commit", lambda it: "--output=x", lambda it: it.committed(it.git("rev-parse", "HEAD^{tree}"))]
)
def test_wrong_use_is_told(make: Callable[[Repository], str], repository: Repository) -> None:
    code, out, err = repository.review(make(repository))
    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert err


def test_owner_is_a_pseudonym(repository: Repository) -> None:
    assert repository.review(repository.base, "--owner", "gold")[0] == 2


def test_nothing_of_the_proposal_is_run(repository: Repository, tmp_path: Path) -> None:
    marker, trap = tmp_path / "marker", tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch '{marker}'\ncat\n", encoding="utf-8")
    trap.chmod(0o755)
    for key in ("filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "diff.evil.command", "merge.evil.driver"):
        repository.git("config", key, str(trap))
    evil: Entry = (FILE, b"* filter=evil diff=evil merge=evil\n")
    files = {".gitattributes": evil, "annotations/.gitattributes": evil, "annotations/toy_0002/.gitattributes": evil, NEW: (FILE, MINE)}
    head = repository.propose(files)
    code, out, _ = repository.review(head)
    assert (code, out.count("[maintained-file-is-unchanged]"), out.count("[")) == (1, 3, 3)
    based = repository.propose({OWN: (FILE, DATA[OWN][:-1])}, onto=head)
    assert repository.review(based, base=head)[0] == 1  # the checks ran on a base that names the filter
    assert not marker.exists()
    repository.git("worktree", "add", "--detach", str(tmp_path / "checked-out"), head)
    assert marker.exists()  # the trap was armed


def test_working_tree_is_left_alone(repository: Repository) -> None:
    repository.review(repository.propose({NEW: (FILE, MINE)}))
    assert repository.git("status", "--porcelain", "--ignored") == ""


def test_workflow_runs_only_the_base() -> None:
    words = WORKFLOW.read_text(encoding="utf-8")
    flow = yaml.safe_load(words)
    (job,) = flow["jobs"].values()
    assert list(flow[True]) == ["pull_request"]  # YAML 1.1 reads `on` as true
    assert flow["permissions"] == {"contents": "read"}
    assert "secrets" not in words
    assert [step["with"]["ref"] for step in job["steps"] if "checkout" in step.get("uses", "")] == [
        "${{ github.event.pull_request.base.ref }}"
    ]
    assert all(re.search(r"@[0-9a-f]{40}\Z", step["uses"]) for step in job["steps"] if "uses" in step)
    assert not any("${{" in step.get("run", "") for step in job["steps"])
