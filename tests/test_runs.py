"""Runs of words that two texts share: whatever the exact search finds the sieve lets through, in every script and case."""

import sys
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from corpus import runs, text
from tests.test_text import AWKWARD

WORDS = [
    "The", "the", "THE", "mill", "isn't", "isn’t", "ΟΔΟΣ", "οδος", "οδός", "İpek", "Ipek", "\u212a", "k", "Ångström", "café", "CAFE\u0301",
    "мельница", "3.5", "x_y", "ſo", "ΑΣ.Α", "'said'", "日本",
]  # fmt: skip
SIGNS = [" ", "\n", ", ", "—", "\u00a0", "_", "’ ", " “", "\u0085", "\u2028", "'", ".", "\x1c"]


@st.composite
def texts(draw: st.DrawFn) -> str:
    words = draw(st.lists(st.sampled_from([*WORDS, *AWKWARD]), max_size=30))
    return "".join(part for word in words for part in (word, draw(st.sampled_from(SIGNS))))


def exactly(kept: list[tuple[str, str]], files: list[tuple[str, str]], length: int) -> list[tuple[str, str]]:
    """As it is defined."""
    found = []
    for where, words in files:
        own = set(text.word_runs(words, length=length))
        first = next((name for name, held in kept if not own.isdisjoint(text.word_runs(held, length=length))), None)
        found += [] if first is None else [(where, first)]
    return found


@given(st.lists(texts(), max_size=3), st.lists(texts(), max_size=3), st.sampled_from([1, 2, 3, 5, 8]))
def test_the_sieve_loses_nothing(kept: list[str], files: list[str], length: int) -> None:
    named, passed_on = [(f"a{nth}", one) for nth, one in enumerate(kept)], [(f"x{nth}", one) for nth, one in enumerate(files)]
    assert list(runs.sharing(named, passed_on, length)) == exactly(named, passed_on, length)


@given(texts(), texts(), st.integers(0, 40), st.integers(0, 12), st.randoms(use_true_random=False))
def test_a_run_is_found_wherever_it_stands(kept: str, other: str, before: int, length: int, random: Random) -> None:
    taken = kept.split(" ")
    at = random.randrange(len(taken))
    words = random.choice([str.upper, str.lower, str])(" ".join(taken[at : at + length]))
    named, passed_on = [("a", kept)], [("x", f"{other} {'word ' * before}{words} {other}")]
    assert list(runs.sharing(named, passed_on, 4)) == exactly(named, passed_on, 4)


def test_a_run_of_eight_is_found_at_every_place_and_one_of_seven_nowhere() -> None:
    words = [f"w{nth}" for nth in range(30)]
    for at in range(20):
        held = [("a", " ".join(words))]
        assert list(runs.sharing(held, [("x", "and " * at + " ".join(words[at : at + 8]).upper())], 8)) == [("x", "a")]
        assert list(runs.sharing(held, [("x", "and " * at + " ".join(words[at : at + 7]))], 8)) == []


def test_the_first_text_that_has_it_is_named() -> None:
    held = [("a", "one two three four"), ("b", "nought one two three"), ("c", "five six seven")]
    assert list(runs.sharing(held, [("x", "one two three"), ("y", "nought one two; five six seven"), ("z", "two one")], 3)) == [
        ("x", "a"),
        ("y", "b"),
    ]


def test_every_sign_is_part_of_a_word_or_not_as_in_the_exact_search() -> None:
    """One by one, and as each says itself in small letters."""
    for sign in map(chr, range(sys.maxunicode + 1)):
        if "\ud800" <= sign <= "\udfff":
            continue
        exact = text._WORD.findall(f"a {sign} b")
        assert (len(runs.plain_words(f"a {sign} b")) > 2) == (len(exact) > 2), sign
        assert runs.plain_words(sign) == runs.plain_words("".join(map(str.lower, text._WORD.findall(sign)))), sign
