"""A build from what an earlier one kept: the same bytes as without, whatever changed and however the cache is damaged, and little work."""

import gzip
import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from scripts import generate_exports, measure_incremental

from corpus import cli, codec, release, store
from corpus.cache import FOLDER, Ledger, Shelf, ledger
from corpus.cache.shelf import KINDS
from corpus.problems import CorpusError
from corpus.release import NotClean, Plan
from corpus.release.of_exports import Exports
from corpus.release.of_tree import Tree
from tests.conftest import ROOT, TOY

PLAN = Plan(version="1.0.0", workers=1, buckets=2)
FINE = replace(PLAN, buckets=8)
SMALL = Plan(version="1.0.0", workers=1, buckets=2, configs=("documents", "denials"))
Change = Callable[[Path], None]


@pytest.fixture
def _settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were written this very moment are trusted: tests cannot wait for them to grow old."""
    monkeypatch.setattr(ledger, "_SLACK", -(10**12))


@pytest.fixture
def gathered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The documents that are read for their rows."""
    read: list[str] = []
    for kind in (Tree, Exports):
        plain = kind.gathered

        def noted(self: Any, entries: Any, plain: Any = plain) -> Any:
            read.extend(one.document for one in entries)
            return plain(self, entries)

        monkeypatch.setattr(kind, "gathered", noted)
    return read


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class Builds:
    """Builds of one input, with and without what is kept beside it."""

    def __init__(self, place: Path, root: Path) -> None:
        self.place, self.root, self.told, self.number = place, root, list[str](), 0

    def built(self, plan: Plan, shelf: Shelf | None) -> dict[str, bytes]:
        out, self.number = self.place / f"out{self.number}", self.number + 1
        exports = sorted([*self.root.glob("*.jsonl"), *self.root.glob("*.jsonl.gz")])
        if exports:
            described = release.described([self.root / "source.json"], self.root / "annotators.json")
            release.build_from(exports, described, plan, out, shelf=shelf)
        else:
            release.build(self.root, plan, out, shelf)
        return contents(out)

    def cached(self, plan: Plan = PLAN) -> dict[str, bytes]:
        shelf = Shelf(self.place / "cache", self.told.append)
        made = self.built(plan, shelf)
        shelf.settle()
        return made

    def plain(self, plan: Plan = PLAN) -> dict[str, bytes]:
        return self.built(plan, None)

    def entries(self, kind: str = "*") -> list[Path]:
        return sorted(self.place.glob(f"cache/{kind}/*"))


@pytest.fixture
def tree(tmp_path: Path, toy: Path) -> Builds:
    return Builds(tmp_path, toy)


@pytest.fixture
def exports(tmp_path: Path) -> Builds:
    measure_incremental.lay_exports(tmp_path / "made", 24, 3)
    return Builds(tmp_path, tmp_path / "made")


@pytest.fixture(params=["tree", "exports"])
def builds(request: pytest.FixtureRequest) -> Builds:
    made: Builds = request.getfixturevalue(request.param)
    return made


def edited(where: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        path = root / where
        words = path.read_text(encoding="utf-8")
        assert old in words
        path.write_text(words.replace(old, new), encoding="utf-8")

    return change


def added(root: Path) -> None:
    document, layer = generate_exports.article(99, 1)
    document = replace(document, id="toy_0099", source="toy")
    store.write_document(root, document)
    store.write_layer(root, replace(layer, document="toy_0099", annotator="4b22", guidelines="1.0"))


def removed(root: Path) -> None:
    store.remove(root, "toy_0002")


TREE_CHANGES: dict[str, Change] = {
    "a layer": edited("annotations/toy_0002/4b22.json", '"certainty": "certain"', '"certainty": "hedged"'),
    "a record, neutrally": edited("raw/toy/toy_0001.json", '"outlet": ', '"outlet":  '),
    "a fact of a record": edited("raw/toy/toy_0002.json", '"date": "2', '"date": "1'),
    "the licence": edited("raw/toy/source.json", '"licence": "CC-BY-4.0"', '"licence": "CC0-1.0"'),
    "the title": edited("raw/toy/source.json", '"title": "', '"title": "New '),
    "an annotator": edited("annotations/annotators.json", '"note": null', '"note": "Another note."'),
    "the registry": edited("annotations/claims/varn-flood.json", '"statement": "', '"statement": "Again: '),
    "one more": added,
    "one less": removed,
}


@pytest.mark.usefixtures("_settled")
@pytest.mark.parametrize("what", TREE_CHANGES)
def test_a_tree_that_changed_is_built_as_if_nothing_were_kept(what: str, tree: Builds) -> None:
    before = tree.plain()
    assert tree.cached() == before
    assert tree.cached() == before
    TREE_CHANGES[what](tree.root)
    if what == "a record, neutrally":
        after = tree.cached()
        assert {name: data for name, data in after.items() if name.endswith(".parquet")} == {
            name: data for name, data in before.items() if name.endswith(".parquet")
        }
    else:
        after = tree.cached()
        assert after != before
    assert after == tree.plain()
    assert after == tree.cached()
    assert tree.told == []


@pytest.mark.usefixtures("_settled")
@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, all_texts=True),
        replace(PLAN, configs=("documents", "tokens")),
        replace(PLAN, buckets=3),
        replace(PLAN, version="1.0.1"),
    ],
    ids=["texts", "configs", "buckets", "version"],
)
def test_another_plan_is_built_as_if_nothing_were_kept(plan: Plan, builds: Builds) -> None:
    first = builds.cached()
    assert builds.cached(plan) == builds.plain(plan)
    assert builds.cached(plan) == builds.plain(plan)
    assert builds.cached() == first == builds.plain()


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def rewritten(path: Path, tasks: list[dict[str, Any]]) -> None:
    path.write_bytes(b"".join(codec.compact(one) + b"\n" for one in tasks))


def _of_tasks(change: Callable[[list[dict[str, Any]]], object], part: str = "part-001.jsonl") -> Change:
    def changed(root: Path) -> None:
        tasks = lines(root / part)
        change(tasks)
        rewritten(root / part, tasks)

    return changed


def _packed(root: Path) -> None:
    path = root / "part-001.jsonl"
    (root / "part-001.jsonl.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    path.unlink()


def _retold(root: Path) -> None:
    """The last document tells the first one's text again, and so shares its story and split."""
    document, reading = generate_exports.article(0, 1)
    again = generate_exports.document((document.text or "") + " Told again.", 23)
    layer = replace(reading, document=again.id, text_sha256=again.text_sha256)
    tasks = lines(root / "part-002.jsonl")
    rewritten(root / "part-002.jsonl", [*tasks[:-1], json.loads(codec.compact(generate_exports.exported(again, layer)))])


EXPORT_CHANGES: dict[str, Change] = {
    "a reading": lambda root: measure_incremental.change_exports(root, 9),
    "a fact": _of_tasks(lambda tasks: tasks[2]["data"].update(outlet="The Other Post")),
    "a story": _of_tasks(lambda tasks: tasks[3]["data"].update(story="fire")),
    "one less": _of_tasks(lambda tasks: tasks.pop(1)),
    "one twice": _of_tasks(lambda tasks: tasks.append(tasks[0])),
    "unread": _of_tasks(lambda tasks: tasks[0].update(annotations=[])),
    "the order": _of_tasks(lambda tasks: tasks.reverse()),
    "a copy": _retold,
    "packed": _packed,
    "the licence": edited("source.json", '"licence": "CC0-1.0"', '"licence": "CC-BY-4.0"'),
    "who annotated": edited("annotators.json", '"note": null', '"note": "Another note."'),
}


@pytest.mark.usefixtures("_settled")
@pytest.mark.parametrize("what", EXPORT_CHANGES)
def test_exports_that_changed_are_built_as_if_nothing_were_kept(what: str, exports: Builds) -> None:
    before = exports.plain()
    assert exports.cached() == before
    assert exports.cached() == before
    EXPORT_CHANGES[what](exports.root)
    after = exports.cached()
    assert after != before
    assert after == exports.plain()
    assert after == exports.cached()
    assert exports.told == []


@pytest.mark.usefixtures("_settled")
def test_a_second_build_reads_the_documents_of_one_bucket(exports: Builds, gathered: list[str]) -> None:
    exports.cached(FINE)
    assert len(gathered) == 24
    gathered.clear()
    exports.cached(FINE)
    assert gathered == []
    measure_incremental.change_exports(exports.root, 9)
    exports.cached(FINE)
    assert "made_0000009" in gathered
    assert len(gathered) < 8
    assert len({*gathered}) == len(gathered)


@pytest.mark.usefixtures("_settled")
def test_of_a_tree_too(tree: Builds, gathered: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for nth in range(20):
        document, layer = generate_exports.article(nth, 1)
        document = replace(document, source="toy")
        store.write_document(tree.root, document)
        store.write_layer(tree.root, replace(layer, annotator="4b22", guidelines="1.0"))
    looked: list[str] = []
    from corpus import survey

    plain = survey._sound
    monkeypatch.setattr(
        survey, "_sound", lambda root, holdings, unit, asked: (looked.append(unit.name), plain(root, holdings, unit, asked))[1]
    )
    tree.cached(FINE)
    assert (len(gathered), len(looked)) == (23, 23)
    gathered.clear()
    looked.clear()
    tree.cached(FINE)
    assert (gathered, looked) == ([], [])
    path = tree.root / store.layer_path("made_0000009", "4b22")
    path.write_text(path.read_text(encoding="utf-8").replace('"certain"', '"hedged"'), encoding="utf-8")
    after = tree.cached(FINE)
    assert looked == ["made_0000009"]
    assert "made_0000009" in gathered
    assert len(gathered) < 8
    assert after == tree.plain(FINE)


@pytest.mark.usefixtures("_settled")
def test_two_processes_and_compressed_exports(exports: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.release.spreading.FEW", 0)  # two, however little there is to do
    for path in sorted(exports.root.glob("*.jsonl")):
        path.with_suffix(".jsonl.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        path.unlink()
    before = exports.plain()
    assert exports.cached(replace(PLAN, workers=2)) == before
    assert exports.cached() == before
    shutil.rmtree(exports.place / "cache/shards")  # now tasks are read of files that are known without having been unpacked
    assert exports.cached(replace(PLAN, workers=2)) == before
    shutil.rmtree(exports.place / "cache/sketches")
    assert exports.cached() == before


def flipped(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


def damages(entry: Path, others: list[Path], chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """What may happen to a file: its name, and the bytes afterwards."""
    data = entry.read_bytes()
    yield from (("a bit", flipped(data, chance)) for _ in range(12))
    head, length = data.index(b"\n") + 1, len(data)
    yield from (("a bit of the head", flipped(data[:head], chance) + data[head:]) for _ in range(6))
    yield from (("cut", data[:at]) for at in (0, 1, head - 1, head, chance.randrange(head, length), length - 1))
    yield from (("more", data + tail) for tail in (b"\0", b"\n", data))
    yield "zeros", bytes(length)
    yield "a foreign file", b"SQLite format 3\0" + bytes(2000)
    yield from (("another's", one.read_bytes()) for one in others if one != entry and one.read_bytes() != data)


@pytest.mark.usefixtures("_settled")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("rounds", [1, pytest.param(3, marks=pytest.mark.long)])
def test_a_damaged_cache_never_reaches_a_release(kind: str, rounds: int, request: pytest.FixtureRequest) -> None:
    """Bits, cuts, strangers, and sound entries under another's key, of every kind of file: told, and done anew."""
    builds: Builds = request.getfixturevalue("tree" if kind == "sound" else "exports")
    chance = random.Random(f"{kind} {rounds}")  # noqa: S311
    right = builds.plain(SMALL)
    builds.cached(SMALL)
    kept = contents(builds.place / "cache")
    assert builds.entries(kind)
    met = Counter[str]()
    for _ in range(rounds):
        entry = chance.choice(builds.entries(kind))
        others = [builds.place / "cache" / name for name in kept if "/" in name]
        for what, data in [*damages(entry, others, chance)] if rounds > 1 else chance.sample([*damages(entry, others, chance)], 10):
            entry.write_bytes(data)
            builds.told.clear()
            assert builds.cached(SMALL) == right, (what, kind)
            assert [line.partition(" damaged")[1] for line in builds.told] == [" damaged"], (what, builds.told)
            met[what] += 1
            for name, whole in kept.items():
                (builds.place / "cache" / name).write_bytes(whole)
    assert len(met) > 2


@pytest.mark.usefixtures("_settled")
def test_a_shard_edited_with_its_own_hash_is_found_out(exports: Builds) -> None:
    """Its hash in the entry is right then, and the entry's own is not."""
    import hashlib

    right = exports.cached()
    entry = max(exports.entries("shards"), key=lambda path: path.stat().st_size)
    data = entry.read_bytes()
    head, body = data[: data.index(b"\n") + 1], data[data.index(b"\n") + 1 :]
    length = int(head.split()[2])
    kept, shards = json.loads(body[:length]), bytearray(body[length:])
    size = kept["shards"][0][3]
    shards[size // 2] ^= 1
    kept["shards"][0][1] = hashlib.sha256(shards[:size]).hexdigest()
    entry.write_bytes(head + json.dumps(kept, separators=(",", ":")).encode() + shards)
    assert exports.cached() == right
    assert "damaged" in exports.told[0]


@pytest.mark.usefixtures("_settled")
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_file_is_as_if_absent(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    builds: Builds = request.getfixturevalue("tree" if kind == "sound" else "exports")
    right = builds.cached(SMALL)
    entry = builds.entries(kind)[0]
    aside = entry.rename(tmp_path / "aside")
    entry.symlink_to(aside)
    assert builds.cached(SMALL) == right
    if hasattr(os, "mkfifo"):
        entry.unlink(missing_ok=True)
        os.mkfifo(entry)
        assert builds.cached(SMALL) == right
    entry.unlink(missing_ok=True)
    entry.mkdir()
    assert builds.cached(SMALL) == right


def test_every_bit_and_every_length_of_an_entry(tmp_path: Path) -> None:
    shelf, key = Shelf(tmp_path), "ab" * 32
    shelf.put("sound", key, b'{"a":1}')
    shelf.put("sound", "cd" * 32, b'{"a":2}')
    path = tmp_path / "sound" / key
    whole = path.read_bytes()
    assert shelf.get("sound", key) == b'{"a":1}'
    wrong = [whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :] for at in range(len(whole)) for bit in range(8)]
    wrong += [whole[:at] for at in range(len(whole))] + [whole + b"\n", (tmp_path / "sound" / ("cd" * 32)).read_bytes()]
    for data in wrong:
        path.write_bytes(data)
        assert shelf.get("sound", key) is None, data
        assert not path.exists()
    path.parent.joinpath(key).write_bytes(whole)
    (tmp_path / "shards").mkdir()
    shutil.copy(path, tmp_path / "shards" / key)
    assert (shelf.get("shards", key), shelf.get("sound", key)) == (None, b'{"a":1}')


def test_an_edit_that_hides_behind_old_times_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same size and the time of content put back by hand: the time of status tells, which no hand can set."""
    monkeypatch.setattr(ledger, "_SLACK", 0)
    path, shelf = tmp_path / "a.txt", Shelf(tmp_path / "cache")
    path.write_text("one", encoding="utf-8")
    time.sleep(0.1)
    first = Ledger.read(shelf, "k", str(tmp_path))
    before, digest = path.stat(), first.sha256("a.txt")
    first.write(shelf, "k")
    assert Ledger.read(shelf, "k", str(tmp_path)).known("a.txt") == digest
    path.write_text("two", encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)
    again = Ledger.read(shelf, "k", str(tmp_path))
    assert again.known("a.txt") is None
    assert again.sha256("a.txt") != digest
    assert not first.still("a.txt")


def test_a_file_that_is_as_young_as_its_hash_is_hashed_again(tmp_path: Path) -> None:
    path, shelf = tmp_path / "a.txt", Shelf(tmp_path / "cache")
    path.write_text("one", encoding="utf-8")
    first = Ledger.read(shelf, "k", str(tmp_path))
    digest = first.sha256("a.txt")
    first.write(shelf, "k")
    assert Ledger.read(shelf, "k", str(tmp_path)).known("a.txt") is None
    assert first.still("a.txt")
    stamp = ledger.stamp_of(path.stat())
    path.write_text("two", encoding="utf-8")
    first._seen["a.txt"] = replace(first._seen["a.txt"], stamp=ledger.stamp_of(path.stat()))  # as if no clock had moved
    assert stamp
    assert not first.still("a.txt")
    assert first.sha256("a.txt") == digest


def test_young_files_are_built_as_they_are(builds: Builds) -> None:
    """Without waiting: what was written a moment ago is hashed every time, and shards are kept all the same."""
    assert builds.cached() == builds.cached() == builds.plain()
    assert builds.entries("shards")


@pytest.mark.usefixtures("_settled")
def test_what_changes_while_it_is_read_is_not_kept(tree: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows are those of the new bytes then, and the key that of the old."""
    from corpus.release import keeping

    path = tree.root / "annotations/toy_0002/4b22.json"
    old = path.read_bytes()
    right = tree.plain()
    plain = keeping.written

    def meddled(job: Any) -> Any:
        path.write_bytes(old.replace(b'"certain"', b'"hedged"'))
        return plain(job)

    monkeypatch.setattr(keeping, "written", meddled)
    wrong = tree.cached()
    monkeypatch.setattr(keeping, "written", plain)
    assert {name for name in right if name.endswith(".parquet") and right[name] != wrong[name]}
    path.write_bytes(old)
    assert tree.cached() == right


@pytest.mark.usefixtures("_settled")
def test_a_fault_is_found_every_time_and_the_rest_is_kept(exports: Builds, gathered: list[str]) -> None:
    path = exports.root / "part-001.jsonl"
    whole = path.read_bytes()
    tasks = lines(path)
    tasks[0]["annotations"][0]["result"][0]["value"]["start"] = 99_999
    rewritten(path, tasks)
    for _ in range(2):
        with pytest.raises(NotClean) as told:
            exports.cached(FINE)
        assert {one.pointer.split("/")[1] for one in told.value.problems} == {"0"}
    path.write_bytes(whole)
    gathered.clear()
    assert exports.cached(FINE) == exports.plain(FINE)
    assert len(gathered) < 24 + 8


@pytest.mark.usefixtures("_settled")
def test_a_fault_of_a_tree_is_found_every_time(tree: Builds) -> None:
    tree.cached()
    edited("annotations/toy_0002/4b22.json", '"check": "', '"check": "0')(tree.root)
    for _ in range(2):
        with pytest.raises(NotClean):
            tree.cached()
    assert not any(b"toy_0002" in path.read_bytes() for path in tree.entries("sound"))


@pytest.mark.usefixtures("_settled")
def test_other_code_uses_nothing(builds: Builds, gathered: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    builds.cached()
    gathered.clear()
    for module in ("remembering", "recalling"):
        monkeypatch.setattr(f"corpus.release.{module}.of_code", lambda: "0" * 64)
    builds.cached()
    assert gathered
    gathered.clear()
    builds.cached()
    assert not gathered
    for module in ("remembering", "recalling"):
        monkeypatch.setattr(f"corpus.release.{module}.of_code", lambda: None)
    before = contents(builds.place / "cache")
    builds.cached()
    assert gathered
    assert contents(builds.place / "cache") == before


def test_code_that_changed_since_it_was_loaded_is_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    from corpus.cache import code

    first = code.of_code()
    assert first is not None
    assert first == code.of_code()
    monkeypatch.setattr(code, "_versions", lambda: iter(["pyarrow 0"]))
    assert code.of_code() != first
    monkeypatch.setattr(code, "_STARTED", 0)
    assert code.of_code() is None


@pytest.mark.usefixtures("_settled")
def test_a_cache_that_cannot_be_written_is_told_once(tree: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    right = tree.plain()
    tree.cached()

    def refused(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Shelf, "_put", refused)
    edited("annotations/toy_0002/4b22.json", '"certain"', '"hedged"')(tree.root)
    assert tree.cached() != right
    assert [line.partition(":")[0] for line in tree.told] == ["nothing more is remembered for the next build"]
    monkeypatch.undo()
    shutil.rmtree(tree.place / "cache")
    (tree.place / "cache").write_text("no folder", encoding="utf-8")
    tree.told.clear()
    assert tree.cached() == tree.plain()
    assert len(tree.told) == 1


@pytest.mark.usefixtures("_settled")
def test_what_is_kept_stays_within_bounds(exports: Builds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("corpus.cache.shelf.LEAST", 0)
    exports.cached()
    size = sum(path.stat().st_size for path in exports.entries())
    for buckets in (3, 4, 5):
        exports.cached(replace(PLAN, buckets=buckets))
    assert sum(path.stat().st_size for path in exports.entries()) > 1.5 * size
    exports.cached()
    assert sum(path.stat().st_size for path in exports.entries()) <= 2 * size
    mine = [exports.place / "cache" / name for name in ("shards/notes.txt", f"letters/{'a' * 64}")]
    for path in mine:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(bytes(10_000_000))
        os.utime(path, (0, 0))
    unfinished = exports.place / "cache/shards/.put-left"
    unfinished.write_bytes(b"half")
    os.utime(unfinished, (0, 0))
    exports.cached()
    assert not unfinished.exists()
    assert all(path.exists() for path in mine)


def test_from_the_command_line(corpus: Any, toy: Path, tmp_path: Path) -> None:
    assert corpus("build", "0.1.0", "--no-cache", "--out", str(tmp_path / "plain"))[0] == 0
    assert not (toy / FOLDER).exists()
    for name in ("first", "second"):
        code, out, _ = corpus("build", "0.1.0", "--out", str(tmp_path / name))
        assert (code, "cache" in out) == (0, False)
        assert contents(tmp_path / name) == contents(tmp_path / "plain")
    assert (toy / FOLDER / ".gitignore").read_text(encoding="utf-8") == "*\n"
    entry = next((toy / FOLDER / "shards").iterdir())
    entry.write_bytes(b"")
    before = contents(toy / FOLDER)
    assert corpus("build", "0.1.0", "--no-cache", "--out", str(tmp_path / "first"))[0] == 0
    assert contents(toy / FOLDER) == before
    assert f"shards/{entry.name[:12]} was damaged" in corpus("build", "0.1.0", "--out", str(tmp_path / "first"))[1]
    assert contents(tmp_path / "first") == contents(tmp_path / "plain")
    assert corpus("build", "0.1.0", "--cache", str(tmp_path / "other"), "--out", str(tmp_path / "first"))[0] == 0
    assert (tmp_path / "other/shards").is_dir()
    assert "3 buckets as an earlier build kept them" in corpus("-v", "build", "0.1.0", "--out", str(tmp_path / "first"))[1]
    assert corpus("check")[0] == 0
    before = contents(toy)
    code, _, err = corpus("build", "0.1.0", "--cache", str(toy), "--out", str(tmp_path / "first"))
    assert (code, "is no cache" in err, contents(toy) == before) == (2, True, True)
    with pytest.raises(SystemExit):
        cli.main(["build", "0.1.0", "--cache", "x", "--no-cache"])


@pytest.mark.long
def test_builds_at_the_same_time(tmp_path: Path) -> None:
    measure_incremental.lay_exports(tmp_path / "made", 200, 3)
    builds = Builds(tmp_path, tmp_path / "made")
    files = [str(path) for path in sorted(builds.root.glob("*.jsonl"))]
    described = ["--source", str(builds.root / "source.json"), "--annotators", str(builds.root / "annotators.json")]
    program = [sys.executable, "-m", "corpus", "build", "1.0.0", "--buckets", "8", "--cache", str(tmp_path / "cache")]
    running = [subprocess.Popen([*program, "--out", str(tmp_path / f"r{nth}"), "--from", *files, *described]) for nth in range(4)]
    assert [one.wait(timeout=120) for one in running] == [0, 0, 0, 0]
    plan = replace(PLAN, buckets=8)
    right = builds.plain(plan)
    assert all(contents(tmp_path / f"r{nth}") == right for nth in range(4))
    assert builds.cached(plan) == right
    assert builds.told == []
    assert not list((tmp_path / "cache").glob("*/.put-*"))


@pytest.mark.long
@pytest.mark.usefixtures("_settled")
def test_the_corpus_itself(tmp_path: Path) -> None:
    builds = Builds(tmp_path, ROOT)
    right = builds.plain()
    assert builds.cached() == right == builds.cached()


def test_the_toy_corpus_is_left_alone() -> None:
    assert not (TOY / FOLDER).exists()
    assert issubclass(NotClean, CorpusError)
