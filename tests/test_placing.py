"""Offsets of a file move with its text into the normal form, and stand on the same words there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import text
from corpus.formats.placing import placed
from corpus.problems import CorpusError

# each begins with a sign that composes with nothing before it
PIECES = [
    "x",
    "Cafe\u0301",
    "\u1112\u1161\u11ab",
    " ",
    "\r\n",
    "\n",
    "a\rb",
    "😀",
    "q\u0323\u0307",
    "\u00e9",
    "\u212b",
    "\u2028",
    "\t",
    "\u0915\u093c",
]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=12), st.data())
def test_a_span_stands_on_the_same_words(pieces: list[str], data: st.DataObject) -> None:
    words = "".join(pieces)
    first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(pieces))] * 2)))
    start, end = len("".join(pieces[:first])), len("".join(pieces[:last]))
    made = placed(words)
    assert made.text == text.normal_form(words)
    assert made.text[slice(*made.place(start, end))].strip() == text.normal_form(words[start:end])


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8))
def test_places_keep_their_order(pieces: list[str]) -> None:
    words = "".join(pieces)
    made = placed(words)
    ends = [made.place(0, at)[1] for at in range(len(words) + 1)]
    assert ends == sorted(ends)
    assert made.place(0, len(words)) == (0, len(made.text))


def test_a_span_within_a_sign_takes_all_of_it() -> None:
    assert placed("e\u0301x").place(1, 2) == (0, 1)


def test_places_outside_are_refused() -> None:
    with pytest.raises(CorpusError, match="0-3 lies outside a text of 2 code points"):
        placed("ab").place(0, 3)
