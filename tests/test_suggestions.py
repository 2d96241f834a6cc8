"""Who may be shown another's marks: never the test split, nor a fifth of the rest, chosen once and for all by the article's name."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from corpus import codec, ingest, splits, store
from corpus.model import Document

Run = Callable[..., tuple[int, str, str]]
HAND = "77aa"


def articles(number: int) -> list[Document]:
    return [ingest.document(f"One said that it was so, {at}.", id=f"toy_{at:04d}", source="toy") for at in range(1, number + 1)]


def test_a_fifth_of_what_is_not_test_gets_none() -> None:
    made = [one for one in articles(4000) if splits.split_of(one.id) != "test"]
    without = [one for one in made if not splits.may_be_suggested(one)]
    assert 0.17 < len(without) / len(made) < 0.23
    assert {splits.split_of(one.id) for one in without} == {"train", "validation"}


def test_the_test_split_gets_none_also_through_the_story_of_another() -> None:
    made = articles(2000)
    assert not [one for one in made if splits.split_of(one.id) == "test" and splits.may_be_suggested(one)]
    story = next(one.id for one in made if splits.split_of(one.id) == "test")
    assert not [one for one in made if splits.may_be_suggested(replace(one, story=story))]


def test_the_choice_never_changes() -> None:
    """As figures are compared over years; these were chosen by the hash of the name."""
    assert [one.id for one in articles(30) if splits.may_be_suggested(one)] == CHOSEN


CHOSEN = [f"toy_{at:04d}" for at in (1, 3, 6, 8, 9, 11, 12, 13, 16, 18, 19, 21, 22, 23, 25, 26, 27, 29, 30)]


@pytest.fixture
def many(toy: Path) -> list[Document]:
    """Forty articles beside the toy's, each with a layer of a model, and a person who is to read them."""
    holdings = store.read(toy).holdings
    layer = next(one for one in holdings.layers.values() if one.annotator == "4b22")
    path = toy / store.ANNOTATORS
    value = json.loads(path.read_text(encoding="utf-8"))
    value["annotators"].append({"id": HAND, "kind": "human", "guidelines": "0.1", "model": None, "note": None})
    path.write_bytes(codec.canonical(value))
    made = articles(43)[3:]
    for one in made:
        store.write_document(toy, one)
        empty = replace(layer, document=one.id, text_sha256=one.text_sha256, mentions=(), attributions=(), links=())
        store.write_layer(toy, empty)
    return made


def test_a_push_holds_to_it_and_says_so(corpus: Run, toy: Path, many: list[Document]) -> None:
    out = toy.parent / "tasks.json"
    names = [one.id for one in many]
    code, said, err = corpus("push", *names, "--annotator", HAND, "--suggest", "4b22", "--out", str(out))
    assert code == 0, said + err
    made: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"))
    suggested = {one["data"]["document"] for one in made if "predictions" in one}
    assert suggested == {one.id for one in many if splits.may_be_suggested(one)}
    assert suggested == {one["data"]["document"] for one in made if "suggestions" in one["data"]}
    assert 0 < len(suggested) < len(many)
    assert f"{len(suggested)} articles with a suggestion or a layer, {len(many) - len(suggested)} without any" in said
