"""Near-duplicates found by a shuffle are those that one process finds: the same pairs and clusters, and a release of the same bytes."""

import gzip
import random
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scripts import generate_exports

from corpus import nearness, release
from corpus.nearness import Clusters, Near, meeting, near, shuffling
from corpus.release import Plan, of_tree, retelling
from corpus.release import shuffling as spread_out
from corpus.release.entries import Entry, Gathered
from corpus.release.shuffling import Cut
from corpus.release.spreading import Spread, spread
from corpus.storage import Remote
from tests.test_cluster import on, started
from tests.test_from_exports import PLAN, contents, lay
from tests.test_nearness import article, copied
from tests.test_storage import NEWS, address, keys, store

__all__ = ["address", "store"]


@dataclass(frozen=True)
class Held:
    """An input that has its texts at hand; entries have theirs, or None, for places."""

    def gathered(self, entries: Sequence[Entry]) -> Iterator[Gathered]:
        raise AssertionError(entries)

    def texts(self, entries: Sequence[Entry]) -> Iterator[tuple[str, str | None]]:
        return ((one.document, one.places) for one in entries)


def collection(seed: int, families: int = 5, largest: int = 12) -> list[Entry]:
    """Families of retellings that differ more and more, of which some are equal, texts with common parts, and stories here and there."""
    chance = random.Random(seed)  # noqa: S311 - planted, not secret
    texts: list[str | None] = [None, "", "a word", "a word"]
    for _ in range(families):
        first = article(chance)
        told = [copied(first, chance.choice([0, 0, 1, 3, 8, 12, 16]), chance) for _ in range(chance.randrange(1, largest))]
        texts += [" ".join(words) for words in [*told, *chance.choices(told, k=3)]]
        texts.append(" ".join(first[:120] + article(chance)[:80]))  # half of it is like the rest
    chance.shuffle(texts)
    names = [f"d{nth:04}" for nth in range(len(texts))]
    stories = [chance.choice([name] * 6 + ["storm", "flood", names[0]]) for name in names]
    return [Entry(name, story, words) for name, story, words in zip(names, stories, texts, strict=True)]


def told(entries: Sequence[Entry], folder: Path, cut: Cut | None, work: Spread) -> tuple[list[Near], list[str]]:
    """The pairs, and the first of each document's cluster; without a cut as one process finds them."""
    clusters = Clusters()
    if cut is None:
        found = retelling.retold(Held(), entries, work, folder, clusters)
    else:
        found = spread_out.bridges(Held(), entries, work, folder, clusters, cut)
    return found, [clusters.first(one.document) for one in entries]


def small(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """All that is done some at a time, so many at a time."""
    for name in ("_LARGE", "_BLOCK", "_HELD"):
        monkeypatch.setattr(shuffling, name, size)


@settings(max_examples=15, deadline=None, phases=[Phase.generate])  # a smaller failure would tell no more, and takes long to find
@given(st.integers(0, 1 << 32), st.integers(9, 90), st.integers(15, 200), st.sampled_from([8, 40, 5000]))
def test_pairs_and_clusters_are_those_of_one_process(seed: int, documents: int, keys: int, size: int) -> None:
    entries = collection(seed)
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as name, spread(1) as here:
        small(patch, size)
        folder = Path(name)
        alone = told(entries, folder, None, here)
        assert told(entries, folder, Cut(documents, keys), here) == alone
        assert not list(folder.iterdir())
    assert len(alone[0]) > 2


def test_clusters_are_those_of_all_pairs() -> None:
    """Whatever the order in which pairs are looked at, and whatever is left out as joined already."""
    entries = [Entry(one.document, one.document, one.places) for one in collection(7) if one.places]
    pairs = near({one.document: one.places for one in entries})
    whole = Clusters()
    whole.join_all((one, other) for one, other, _ in pairs)
    with tempfile.TemporaryDirectory() as name, spread(1) as here:
        found, firsts = told(entries, Path(name), Cut(30, 50), here)
    assert firsts == [whole.first(one.document) for one in entries]
    assert len(found) < len(pairs)
    shares = {(one, other): share for one, other, share in pairs}
    assert all(shares[one, other] == share for one, other, share in found)


@pytest.mark.parametrize("entries", [[], [Entry("a", "a", None)], [Entry("a", "a", "one text"), Entry("b", "b", None)]])
def test_few_texts_or_none(entries: list[Entry], tmp_path: Path) -> None:
    with spread(1) as here:
        assert told(entries, tmp_path, Cut(1, 1), here) == told(entries, tmp_path, None, here)
        assert told(entries, tmp_path, Cut(), here)[0] == []


@pytest.mark.parametrize("cut", [None, Cut(500, 1500)])
def test_a_text_that_stands_a_thousand_times_is_not_compared_with_each(
    cut: Cut | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is one that stands with a date each time: as many pairs are looked at as there are texts, not their square."""
    chance = random.Random(3)  # noqa: S311 - planted, not secret
    words = article(chance)
    texts = [" ".join(words)] * 1000 + [" ".join([*words, f"number{nth}"]) for nth in range(1000)]
    entries = [Entry(f"d{nth:04}", f"d{nth:04}", words) for nth, words in enumerate(texts)]
    shares = []
    for module in (meeting, shuffling):
        monkeypatch.setattr(module, "share_of", lambda one, other: shares.append(1) or nearness.share_of(one, other))
    with spread(1) as here:
        found, firsts = told(entries, tmp_path, cut, here)
    assert {*firsts} == {"d0000"}
    assert len(found) == 1999
    assert 1000 <= len(shares) <= 1100


def spread_from_the_first(monkeypatch: pytest.MonkeyPatch, cut: Cut) -> None:
    monkeypatch.setattr(retelling, "HERE", 0)
    monkeypatch.setattr(spread_out, "bridges", partial(spread_out.bridges, cut=cut))


def built(export: Path, folder: Path, plan: Plan = PLAN) -> dict[str, str]:
    described = release.described([export.parent / "source.json"], export.parent / "annotators.json")
    packed = export.with_name("export.json.gz")
    packed.write_bytes(gzip.compress(export.read_bytes(), mtime=0))
    release.build_from([packed], described, plan, folder)
    return contents(folder)


def test_a_release_has_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = generate_exports.write(tmp_path / "made", 120, twice=3, copies=5)
    alone = built(export, tmp_path / "out/here")
    spread_from_the_first(monkeypatch, Cut(50, 70))
    assert built(export, tmp_path / "out/one") == alone
    assert built(export, tmp_path / "out/two", replace(PLAN, workers=2)) == alone
    with started(tmp_path) as cluster:
        assert built(export, tmp_path / "out/cluster", on(cluster.address, 2)) == alone
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["cluster", "here", "one", "two"]


@pytest.mark.long
def test_a_worker_that_is_killed_meanwhile_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = generate_exports.write(tmp_path / "made", 1000, twice=0, copies=5)
    alone = built(export, tmp_path / "out/here")
    spread_from_the_first(monkeypatch, Cut(10, 500))
    with started(tmp_path) as cluster, ThreadPoolExecutor(1) as beside:
        killed = beside.submit(kill_once_there_are, 10, tmp_path / "out/.cluster.staged/.near", cluster.workers[0])
        assert built(export, tmp_path / "out/cluster", on(cluster.address, 2)) == alone
        assert killed.result() < 100


def kill_once_there_are(files: int, folder: Path, worker: subprocess.Popen[bytes]) -> int:
    """How many files of keys there were then."""
    while len(there := [*folder.glob("*.keys")]) < files:
        time.sleep(0.005)
    worker.kill()
    return len(there)


def test_so_has_one_in_a_store(store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export = generate_exports.write(tmp_path / "made", 30, twice=3, copies=5)
    alone = built(export, tmp_path / "out/here")
    spread_from_the_first(monkeypatch, Cut(20, 20))
    described = release.described([export.parent / "source.json"], export.parent / "annotators.json")
    release.build_from([export.with_name("export.json.gz")], described, PLAN, Remote(f"{NEWS}/out"))
    assert keys(store) == [f"out/{name}" for name in sorted(alone)]
    held = {name: (Remote(f"{NEWS}/out") / name).read_bytes() for name in alone}
    assert all(data == (tmp_path / "out/here" / name).read_bytes() for name, data in held.items())


def test_of_a_tree_the_same_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the same with what an earlier build kept, of which nothing is used."""
    from corpus import ingest
    from corpus import store as tree_of

    lay(tmp_path / "tree", 20, twice=2)
    for nth in range(8):
        words = (tmp_path / f"tree/raw/made/made_000000{nth % 3}.txt").read_text() + "Told again." * (nth // 3)
        tree_of.write_document(tmp_path / "tree", ingest.document(words, id=f"made_000100{nth}", source="made"))
    tree = of_tree.Tree(root=tmp_path / "tree", all_texts=False)
    entries = of_tree.found(tree.root).entries
    with spread(1) as here:
        alone = list(of_tree.parted(tree, entries, here, tmp_path))
        spread_from_the_first(monkeypatch, Cut(7, 9))
        assert list(of_tree.parted(tree, entries, here, tmp_path)) == alone
    assert len(alone) == 8


def test_sketches_are_coarsely_alike_where_they_are_alike() -> None:
    signs = meeting.signs_in(b"".join(nearness.sketch(one.places) for one in collection(5) if one.places))
    coarse = meeting.coarse_of(signs)
    one, other = (held.ravel() for held in meeting.np.meshgrid(range(len(signs)), range(len(signs))))
    alike = (signs[one] == signs[other]).sum(axis=1) >= meeting.LEAST
    coarsely = meeting.coarsely_alike(coarse[one], coarse[other])
    assert not (alike & ~coarsely).any()
    assert (coarsely & ~alike).sum() < 0.05 * len(one)
    assert alike.sum() > 2 * len(signs)
