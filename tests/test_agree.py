"""The command `corpus agree`: a table, JSON, Markdown."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

Run = Callable[..., tuple[int, str, str]]
GOLDEN = ROOT / "tests" / "golden"


@pytest.mark.parametrize(("form", "name"), [("markdown", "agreement.md"), ("json", "agreement.json")])
def test_golden(corpus: Run, form: str, name: str) -> None:
    """All figures of the toy corpus. A wanted change: `GOLDEN=write make test`, then read the diff."""
    code, words, _ = corpus("agree", "--by", "gold", "--format", form)
    if os.environ.get("GOLDEN") == "write":
        (GOLDEN / name).write_text(words, encoding="utf-8")
    assert code == 0
    assert (GOLDEN / name).read_text(encoding="utf-8") == words, f"{name} differs; if that is wanted: GOLDEN=write make test"


def test_a_person_sees_tables_and_where_readings_part(corpus: Run) -> None:
    code, words, _ = corpus("agree", "--by", "source", "pair", "gold")
    assert code == 0
    assert words.startswith("4b22, a3f1: 1 article read by two or more of them")
    assert [title for title in ("By source", "By pair of annotators", "Each annotator against gold") if title not in words] == []
    assert "denial_scope: partial / non_denial: 1, as in toy_0003 115-134 “declined to comment”" in words


def test_without_the_texts_there_are_no_token_figures_and_no_words(toy: Path, corpus: Run) -> None:
    for path in (toy / "raw/toy").glob("*.txt"):
        path.unlink()
    code, words, _ = corpus("agree")
    assert code == 0
    assert "1 of them without text here and left out of token figures" in words
    assert "token alpha" not in words
    assert "declined to comment" not in words


def test_named_annotators_and_gold_too(corpus: Run) -> None:
    code, words, _ = corpus("agree", "--annotators", "a3f1", "gold", "--format", "json")
    assert (code, json.loads(words)["whole"]["annotators"]) == (0, ["a3f1", "gold"])


@pytest.mark.parametrize("asked", [("--annotators", "ffff"), ("--source", "lee"), ("--annotators", "a3f1")])
def test_what_cannot_be_asked_is_wrong_use(corpus: Run, asked: tuple[str, ...]) -> None:
    code, _, said = corpus("agree", *asked)
    assert code == 2
    assert "corpus agree: " in said


def test_a_file_that_cannot_be_read_is_told(toy: Path, corpus: Run) -> None:
    (toy / "annotations/toy_0001/a3f1.json").write_bytes(b"{")
    assert corpus("agree")[0] == 1
