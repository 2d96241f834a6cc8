"""What is taken as an article, and what is refused in one sentence."""

import pytest
from hypothesis import given

from corpus import ingest, text
from corpus.problems import CorpusError
from tests.test_text import awkward

ARTICLE = "The ferry to Harrow Isle will not sail today, its owner said on Monday."
REFUSED = {
    b"": "empty",
    b"\xff\xfe\x41": "byte order mark",
    b"caf\xe9 and many other words that follow it here now": "not UTF-8",
    b"The dam is\x00 safe, said the mayor of Ostermark on Monday.": "NUL",
    b"\xed\xa0\x80 is half of a pair": "not UTF-8",
    b"Too short.": "fewer than",
    b"<!DOCTYPE html><html><body>The ferry will not sail today at all, said its owner.": "not plain text",
    b"%PDF-1.7 and many other words that follow it here now and then": "not plain text",
    b"\x1b[31mThe ferry to Harrow Isle will not sail today, its owner said.": "not plain text",
}


@pytest.mark.parametrize(("data", "why"), REFUSED.items(), ids=list(REFUSED.values()))
def test_no_article_is_refused_in_one_sentence(data: bytes, why: str) -> None:
    with pytest.raises(CorpusError, match=why) as caught:
        ingest.article(data, "ferry.txt")
    assert str(caught.value).startswith("ferry.txt")
    assert "\n" not in str(caught.value)


@given(awkward)
def test_an_article_is_in_normal_form(words: str) -> None:
    if "\x0c" in words:
        words = words.replace("\x0c", " ")
    taken = ingest.article((ARTICLE + words).encode(), "x.txt")
    assert taken == text.normal_form(ARTICLE + words)
    assert ingest.document(taken, id="x_0001", source="x").length == len(taken)


def test_furniture_stands_once_or_is_refused() -> None:
    with pytest.raises(CorpusError, match="2 times"):
        ingest.furniture_of("Login\n" + ARTICLE + "\nLogin", ("Login",))
    with pytest.raises(CorpusError, match="0 times"):
        ingest.furniture_of(ARTICLE + " Login", ("Login",))
