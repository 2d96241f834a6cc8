"""Dealing articles out: even within each source, the same from one seed, and nothing that stands is taken back."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import store
from corpus.assignment import Item, dealt, loads
from corpus.problems import CorpusError

Run = Callable[..., tuple[int, str, str]]
PEOPLE = ["4b22", "7c0d", "a3f1", "e001"]

items = st.lists(
    st.builds(Item, document=st.uuids().map(str), source=st.sampled_from(["seed", "lee", "original"]), length=st.integers(1, 9000)),
    max_size=40,
    unique_by=lambda one: one.document,
)


@given(items, st.integers(1, 4), st.integers(0, 99))
def test_every_article_has_its_readers_and_every_reader_a_fair_share(held: list[Item], each: int, seed: int) -> None:
    roster = dealt(held, PEOPLE, each=each, seed=seed, standing={})
    assert set(roster) == {item.document for item in held}
    assert all(len(set(whos)) == each for whos in roster.values())
    for source in {item.source for item in held}:
        numbers = Counter(dict.fromkeys(PEOPLE, 0))
        numbers.update(who for item in held if item.source == source for who in roster[item.document])
        assert max(numbers.values()) - min(numbers.values()) <= 1


@given(items, st.integers(0, 99))
def test_the_order_of_the_articles_is_nothing_and_the_seed_all(held: list[Item], seed: int) -> None:
    assert dealt(held, PEOPLE, each=2, seed=seed, standing={}) == dealt(held[::-1], PEOPLE[::-1], each=2, seed=seed, standing={})


@given(items, st.integers(0, 99))
def test_what_stands_is_kept_and_only_filled_up(held: list[Item], seed: int) -> None:
    first = dealt(held, PEOPLE[:2], each=1, seed=seed, standing={})
    second = dealt(held, PEOPLE, each=2, seed=seed + 1, standing=first)
    assert all(set(first[name]) < set(second[name]) for name in first)
    assert dealt(held, PEOPLE, each=2, seed=seed + 2, standing=second) == second


def test_lengths_even_out() -> None:
    held = [Item(document=f"d{at:03}", source="s", length=100 + 37 * at) for at in range(120)]
    lengths = [length for _, length in loads(dealt(held, PEOPLE, each=2, seed=3, standing={}), held).values()]
    assert max(lengths) / min(lengths) < 1.02


def test_too_few_to_choose_from_is_said() -> None:
    with pytest.raises(CorpusError, match="need at least 3"):
        dealt([], PEOPLE[:2], each=3, seed=0, standing={})


def test_command_deals_once_and_push_sends_what_was_dealt(toy: Path, corpus: Run) -> None:
    code, said, _ = corpus("assign", "--annotators", "a3f1", "4b22", "--each", "2", "--seed", "7")
    assert (code, "3 articles dealt" in said) == (0, True), said
    roster = (toy / store.ASSIGNMENTS).read_bytes()
    assert corpus("assign", "--annotators", "a3f1", "4b22", "--each", "2", "--seed", "8")[1].startswith("nothing to deal")
    assert (toy / store.ASSIGNMENTS).read_bytes() == roster
    assert corpus("check")[0] == 0
    out = toy.parent / "tasks.json"
    assert corpus("push", "--annotator", "4b22", "--out", str(out))[0] == 0
    assert {name for name in ("toy_0001", "toy_0002", "toy_0003") if name in out.read_text(encoding="utf-8")} == set(
        store.read(toy).holdings.documents
    )


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--annotators", "gold", "a3f1"], "'gold' is no annotator"),
        (["--annotators", "a3f1", "--each", "2"], "need at least 2"),
        (["toy_9", "--annotators", "a3f1"], "no document 'toy_9'"),
        (["--annotators", "a3f1", "--each", "0"], "--each is at least 1"),
        (["--source", "lee", "--annotators", "a3f1"], "no article is meant"),
    ],
)
def test_wrong_use_is_one_sentence(argv: list[str], said: str, toy: Path, corpus: Run) -> None:
    code, _, err = corpus("assign", *argv)
    assert (code, said in err) == (2, True), err
