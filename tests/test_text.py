"""The text of record: one normal form, and offsets that are code points whatever the characters are."""

import hashlib
import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpus import text

# A curated alphabet finds in seconds what arbitrary characters do not in thousands of examples.
AWKWARD = [
    "e\u0301",
    "é",
    "u\u0308",
    "👩‍👩‍👧",
    "😀",
    "𝒳",
    "א",
    "ب",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u00a0",
    "\u2028",
    "\u0085",
    "\x0c",
    "\r",
    "\r\n",
    "\n",
    "\t",
]
awkward = st.lists(st.sampled_from([*AWKWARD, *"ab .,'’-\\n"]), max_size=40).map("".join)


@given(awkward)
def test_normal_form_is_reached_once(words: str) -> None:
    once = text.normal_form(words)
    assert text.normal_form(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once
    assert once == once.strip()


@given(awkward, awkward)
def test_a_quote_stands_where_it_is_said_to(before: str, quote: str) -> None:
    whole = before + quote
    for start, end in text.stands_at(whole, quote):
        assert whole[start:end] == quote
    assert (len(before), len(whole)) in text.stands_at(whole, quote, most=10_000) or not quote


@given(awkward, st.integers(0, 60), st.integers(0, 60))
def test_slice_check_is_of_the_code_points(words: str, start: int, end: int) -> None:
    assert text.slice_check(words, start, end) == hashlib.sha256(words[start:end].encode()).hexdigest()[:12]


@given(awkward, st.integers(0, 40), st.integers(0, 40))
def test_trimmed_cuts_blanks_only(words: str, start: int, end: int) -> None:
    start, end = sorted((min(start, len(words)), min(end, len(words))))
    first, last = text.trimmed(words, start, end)
    assert start <= first <= last <= end
    assert words[first:last] == words[start:end].strip()


@given(awkward)
def test_tokens_are_apart_and_hold_no_blank(words: str) -> None:
    places = text.tokens(words)
    assert all(first[1] <= second[0] for first, second in pairwise(places))
    assert all(words[start:end].strip() for start, end in places)


@given(awkward)
def test_folding_is_what_label_studio_shows(words: str) -> None:
    shown = words.replace("\r\n", "\\n\\n").replace("\n", "\\n")
    assert text.folded(shown) == text.folded(words)


def test_word_runs_ignore_signs_and_case() -> None:
    assert next(text.word_runs('"The Dam," he said, "isn’t safe."', length=3)) == ("the", "dam", "he")
    assert list(text.word_runs("too short", length=3)) == []
