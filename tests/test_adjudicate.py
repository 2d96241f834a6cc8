"""Adjudication on the real server: readings side by side, verdicts and rules given, gold with its decisions back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from corpus import notation, store
from corpus.adjudication import page
from corpus.adjudication.comparison import compared
from tests.test_adjudication import FIRST, SECOND, read

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def parted(toy: Path) -> Path:
    """The toy corpus with two readings of its first article, which part."""
    holdings = store.read(toy).holdings
    for words, who in ((FIRST, "a3f1"), (SECOND, "4b22")):
        store.write_layer(toy, read(words, who, holdings))
    return toy


def answered(task: dict[str, Any], keep: str, *, rules: bool = True) -> dict[str, Any]:
    """The task as it is exported after an adjudicator kept one annotator's readings, each point by a rule."""
    rows = list(task["predictions"][0]["result"])
    heads = [row for row in rows if row["type"] == "labels" and row["value"]["labels"] != ["fragment"]]
    for row in heads:
        place = {"start": row["value"]["start"], "end": row["value"]["end"]}
        shared = {"id": row["id"], "to_name": "text"}
        if "-" in row["id"]:
            verdict = "keep" if row["id"].endswith(keep) else "drop"
            rows.append(shared | {"from_name": "verdict", "type": "choices", "value": place | {"choices": [verdict]}})
        if rules:
            rows.append(shared | {"from_name": "rule", "type": "textarea", "value": place | {"text": ["1.6\nattribution 7.1"]}})
    return {"id": 1, "data": task["data"], "annotations": [{"was_cancelled": False, "result": rows}]}


def tasks_of(root: Path, corpus: Run) -> list[dict[str, Any]]:
    out = root.parent / "tasks.json"
    code, said, _ = corpus("adjudicate", "push", "toy_0001", "--annotators", "a3f1", "4b22", "--out", str(out))
    assert code == 0, said
    held: list[dict[str, Any]] = json.loads(out.read_text(encoding="utf-8"))
    return held


def test_gold_comes_back_with_a_decision_for_every_point(parted: Path, corpus: Run) -> None:
    (task,) = tasks_of(parted, corpus)
    export = parted.parent / "export.json"
    export.write_text(json.dumps([answered(task, "a3f1")]), encoding="utf-8")
    code, said, _ = corpus("adjudicate", "pull", str(export))
    assert (code, "changed annotations/toy_0001/gold.json" in said) == (0, True), said
    holdings = store.read(parted).holdings
    gold = holdings.layers["annotations/toy_0001/gold.json"]
    first = holdings.layers["annotations/toy_0001/a3f1.json"]
    assert [(one.label, one.spans) for one in gold.mentions] == [(one.label, one.spans) for one in first.mentions]
    assert {(one.about, one.rule) for one in gold.decisions or ()} >= {("mention", "1.6"), ("attribution", "7.1"), ("link", "1.6")}
    assert corpus("check")[0] == 0
    again = corpus("adjudicate", "pull", str(export))
    assert (again[0], "1 unchanged" in again[1]) == (0, True)


def test_what_is_still_open_is_told_and_nothing_is_written(parted: Path, corpus: Run) -> None:
    (task,) = tasks_of(parted, corpus)
    export = parted.parent / "export.json"
    half = answered(task, "a3f1", rules=False)
    half["annotations"][0]["result"] = [row for row in half["annotations"][0]["result"] if row.get("from_name") != "verdict"]
    export.write_text(json.dumps([half]), encoding="utf-8")
    code, said, _ = corpus("adjudicate", "pull", str(export))
    assert code == 1
    assert "difference-is-decided" in said
    assert "is neither kept nor dropped" in said
    assert not (parted / "annotations/toy_0001/gold.json").exists()


def test_the_page_and_the_words_tell_where_they_part(parted: Path) -> None:
    holdings = store.read(parted).holdings
    task = page.to_task(holdings.documents["toy_0001"], compared(holdings.of("toy_0001")), "0.1")
    told = task["data"]["differences"].split("\n")
    assert told[0].startswith("c3 mention: 4b22: claim “the Harrow Front had set")
    assert any(line == "c6 link denies c3: 4b22: no; a3f1: yes" for line in told)
    offered = [row["id"] for row in task["predictions"][0]["result"] if row["type"] == "labels"]
    assert offered == ["c1", "c2", "c3-4b22", "c5", "c6", "c3-a3f1", "c4-a3f1"]
    assert 'name="verdict"' in page.labelling_page()


def test_readings_that_agree_need_no_decision(toy: Path, corpus: Run) -> None:
    holdings = store.read(toy).holdings
    for who in ("a3f1", "4b22"):
        store.write_layer(toy, read(FIRST, who, holdings))
    (task,) = tasks_of(toy, corpus)
    export = toy.parent / "export.json"
    export.write_text(json.dumps([answered(task, "a3f1", rules=False)]), encoding="utf-8")
    assert corpus("adjudicate", "pull", str(export))[0] == 0
    assert store.read(toy).holdings.layers["annotations/toy_0001/gold.json"].decisions == ()
    assert notation.words_of(store.read(toy).holdings.layers["annotations/toy_0001/gold.json"], holdings.documents["toy_0001"].text or "")
