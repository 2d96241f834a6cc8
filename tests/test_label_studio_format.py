"""Tasks of Label Studio as a format: ours as pull reads them, and exports of projects that are not ours."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.cli import main
from corpus.formats import reader
from corpus.formats.converted import Article, Given
from corpus.problems import CorpusError

TEXT = "😀 The dam, Orla Penk said, is safe."


def region(id: str, label: str, words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    value = {"start": start, "end": start + len(words), "text": words, "labels": [label]}
    return {"id": id, "from_name": "what", "to_name": "article", "type": "labels", "value": value}


def export(folder: Path, *rows: dict[str, Any], text: str = TEXT) -> Article:
    task = {"id": 7, "data": {"article": text}, "annotations": [{"completed_by": 3, "result": rows, "was_cancelled": False}]}
    path = folder / "export.json"
    path.write_text(json.dumps([task]), encoding="utf-8")
    (article,) = reader("label-studio")(path, Given(source="mine", licence="CC-BY-4.0")).articles
    return article


def test_an_export_of_another_project(tmp_path: Path) -> None:
    article = export(
        tmp_path,
        region("r1", "Speaker", "Orla Penk"), region("r2", "Quote", "is safe"), region("r3", "Place", "dam"), region("r4", "CUE", "said"),
        {"type": "relation", "from_id": "r1", "to_id": "r2", "direction": "left", "labels": ["said by"]},
        {"type": "relation", "from_id": "r2", "to_id": "r4", "direction": "right"},
        {"id": "r2", "from_name": "quote_type", "to_name": "article", "type": "choices", "value": {"choices": ["direct"]}},
        {"id": "r2", "from_name": "sure", "to_name": "article", "type": "choices", "value": {"choices": ["no"]}},
    )  # fmt: skip
    (layer,) = article.layers
    assert {one.id: (one.label, [span.quote for span in one.spans]) for one in layer.mentions} == {
        "r1": ("source", ["Orla Penk"]), "r2": ("content", ["is safe"]), "r4": ("cue", ["said"]),
    }  # fmt: skip
    assert [(one.hub, one.sources, one.cues, one.quote_type) for one in layer.attributions] == [("r2", ("r1",), ("r4",), "direct")]
    kept = article.extra[layer.annotator]
    assert kept["r2"] == {"sure": "no"}
    assert [TEXT[one.start : one.end] for one in kept["document"]["Place.r3"]] == ["dam"]  # type: ignore[union-attr]


def test_words_that_stand_elsewhere_are_refused(tmp_path: Path) -> None:
    wrong = region("r1", "Cue", "said")
    wrong["value"]["start"] += 1
    with pytest.raises(CorpusError, match="region r1 of mine_7 does not say what stands at its offsets"):
        export(tmp_path, wrong)


@pytest.mark.parametrize("value", [{}, [1], [{"annotations": []}]])
def test_what_is_no_list_of_tasks_is_refused(tmp_path: Path, value: Any) -> None:
    (tmp_path / "x.json").write_text(json.dumps(value), encoding="utf-8")
    with pytest.raises(CorpusError, match="is no Label Studio JSON"):
        reader("label-studio")(tmp_path / "x.json", Given())


def test_what_push_writes_is_read(tmp_path: Path, toy: Path) -> None:
    assert main(["-C", str(toy), "push", "--out", str(tmp_path / "tasks.json")]) == 0
    whole = list(reader("corpus")(toy, Given()).articles)
    back = {
        one.document.id: one for one in reader("label-studio")(tmp_path / "tasks.json", Given(source="toy", licence="CC-BY-4.0")).articles
    }
    for one in whole:
        if one.layers and all(layer.annotator != "gold" for layer in one.layers):
            assert [layer.mentions for layer in back[one.document.id].layers] == [layer.mentions for layer in one.layers]
