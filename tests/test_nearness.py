"""Near-duplicates are found, unrelated articles are not, and a release in which some part their stories is refused."""

import random
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from corpus import nearness, release, store
from corpus.nearness import Clusters, near, sketching
from corpus.release import NotClean, Plan, of_tree
from corpus.release.spreading import spread
from tests.conftest import ROOT

WORDS = [f"word{nth}" for nth in range(4000)]


def article(chance: random.Random) -> list[str]:
    return [chance.choice(WORDS) for _ in range(200)]


def copied(words: list[str], changed: int, chance: random.Random) -> list[str]:
    places = set(chance.sample(range(len(words)), changed))
    return [chance.choice(WORDS) if at in places else word for at, word in enumerate(words)]


def planted() -> dict[str, str]:
    """300 articles, 100 of them copies of others with 0 to 9 words changed."""
    chance = random.Random(20261122)  # noqa: S311 - planted, not secret
    first = [article(chance) for _ in range(200)]
    copies = [copied(first[nth], nth % 10, chance) for nth in range(100)]
    return {f"a{nth:03}": " ".join(words) for nth, words in enumerate([*first, *copies])}


def shingles(words: str) -> set[str]:
    """Written anew, so that a fault in ours does not pass."""
    held = words.split()
    return {" ".join(held[at : at + 5]) for at in range(len(held) - 4)}


def test_of_pairs_at_four_fifths_almost_all_are_found_and_none_is_unrelated() -> None:
    texts = planted()
    exact = {
        (one, other): len(shingles(texts[one]) & shingles(texts[other])) / len(shingles(texts[one]) | shingles(texts[other]))
        for one, other in combinations(sorted(texts), 2)
    }
    found = {(one, other): share for one, other, share in near(texts)}
    alike = {pair for pair, share in exact.items() if share >= 0.8}
    assert len(alike) > 40
    assert len(alike & found.keys()) / len(alike) >= 0.98
    assert all(abs(exact[pair] - share) < 0.001 for pair, share in found.items())
    assert all(exact[pair] >= 0.5 for pair in found)


AWKWARD = st.text(st.one_of(st.sampled_from("aZé_-'’., ß\u0301İ字\U0001d41a—\n1"), st.characters(exclude_categories=["Cs"])), max_size=60)


@given(AWKWARD)
def test_the_words_of_a_sketch_are_those_that_are_compared(words: str) -> None:
    codes, kinds = sketching.coded(words)
    points = [int(code) for code in codes]
    bounds = zip(*sketching.bounds(kinds.take(codes)), strict=True)
    found = ["".join(map(chr, points[start:end])) for start, end in bounds]
    assert found == sketching.WORD.findall(words.casefold())


@given(AWKWARD)
def test_a_sketch_hashes_each_shingle_to_a_number_of_its_own_wherever_it_stands(words: str) -> None:
    hashed = set(sketching.hashed_shingles(words).tolist())
    assert len(hashed) == len(sketching.shingles(words))
    moved = f"— {words.swapcase() if words.isascii() else words} …"
    assert set(sketching.hashed_shingles(moved).tolist()) == hashed


def test_another_minhash_sees_the_same() -> None:
    texts = planted()
    for one, other, share in near(texts)[:20]:
        estimate = _sketch(texts[one]).jaccard(_sketch(texts[other]))
        assert abs(estimate - share) < 0.15


def _sketch(words: str) -> MinHash:
    sketch = MinHash(num_perm=256, seed=1)
    for one in shingles(words):
        sketch.update(one.encode())
    return sketch


@pytest.mark.parametrize("words", ["", "one", "— …", "one two three four"])
def test_short_texts_are_compared_whole(words: str) -> None:
    assert near({"a": words, "b": words, "c": "a text of its own that has nothing to do with the others"}) == [("a", "b", 1.0)]


def test_a_release_with_a_copy_in_another_story_is_refused(toy: Path, tmp_path: Path) -> None:
    first = store.read(toy).holdings.documents["toy_0003"]
    assert first.text is not None
    words = first.text + "\nRead again."
    from corpus import ingest

    store.write_document(toy, ingest.document(words, id="toy_0004", source="toy"))
    with pytest.raises(NotClean) as told:
        release.build(toy, Plan(version="1.0.0"), tmp_path / "out")
    (problem,) = told.value.problems
    assert (problem.check, problem.where, problem.hint) == (
        "near-duplicates-share-a-story",
        "raw/toy/toy_0004.json",
        '"story": "toy_0003" in both records',
    )
    assert not (tmp_path / "out").exists()


def test_near_duplicates_of_the_repository_share_their_stories(tmp_path: Path) -> None:
    tree = of_tree.Tree(root=ROOT, all_texts=False)
    with spread(1) as here:
        assert list(of_tree.parted(tree, of_tree.found(ROOT).entries, here, tmp_path)) == []


def test_a_chain_of_copies_is_one_cluster_and_strangers_stay_apart() -> None:
    """4,000 texts, of which 100 are each copied nine times with a few words changed: every copy is found, and nothing else."""
    chance = random.Random(20261128)  # noqa: S311 - planted, not secret
    texts, origin = {}, {}
    for nth in range(3100):
        words = article(chance)
        for copy in range(10 if nth < 100 else 1):
            name = f"a{nth:04}-{copy}"
            texts[name], origin[name] = " ".join(copied(words, copy % 4, chance)), f"a{nth:04}-0"
    clusters = Clusters()
    names = sorted(texts)
    sketches = b"".join(nearness.sketch(texts[name]) for name in names)
    hashes = b"".join(sha256(texts[name].encode()).digest() for name in names)
    found = nearness.bridges([(name, name) for name in names], hashes, sketches, texts.__getitem__, clusters)
    right = sum(clusters.first(name) == origin[name] for name in names if origin[name] != name)
    assert right / 900 >= 0.98
    assert all(origin[one] == origin[other] for one, other, _ in found)
    assert len(found) <= 900
