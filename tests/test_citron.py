"""Citron's JSON as its documentation has it: contents in pieces, several sources, one cue, coreference groups."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.formats import citron, reader
from corpus.formats.converted import Article, Given
from corpus.model import Holdings
from corpus.problems import CorpusError

TEXT = '"The dam," Orla Penk said, "is safe." She and the council agreed.'


def span(words: str, start: int | None = None) -> dict[str, Any]:
    at = TEXT.index(words) if start is None else start
    return {"start": at, "end": at + len(words), "text": words}


def quote(**changed: Any) -> dict[str, Any]:
    return {"cue": span("said"), "sources": [span("Orla Penk")], "contents": [span('"The dam,"'), span('"is safe."')]} | changed


def others(folder: Path, *quotes: dict[str, Any], **more: Any) -> Article:
    (folder / "wsj_1.json").write_text(json.dumps({"text": TEXT, "quotes": quotes, **more}), encoding="utf-8")
    (article,) = reader("citron")(folder, Given(source="mine", licence="CC-BY-4.0")).articles
    return article


def test_quotes_of_others(tmp_path: Path) -> None:
    second = quote(cue=span("agreed"), sources=[span("She"), span("the council")], contents=[span("She")], confidence=0.9, id="q2")
    group = [span("Orla Penk"), span("She"), span("dam")]
    article = others(tmp_path, quote(), second, coreference_groups=[group])
    (layer,) = article.layers
    words = {one.id: [piece.quote for piece in one.spans] for one in layer.mentions}
    said = {one.hub: [words[id] for id in (one.hub, *one.sources, *one.cues)] for one in layer.attributions}
    assert said["q2"] == [["She"], ["She"], ["the council"], ["agreed"]]
    assert [['"The dam,"', '"is safe."'], ["Orla Penk"], ["said"]] in said.values()
    assert article.extra[layer.annotator] == {"a-q2": {"confidence": "0.9"}}
    assert [(one.type, words[one.from_], words[one.to]) for one in layer.links] == [("same_source", ["She"], ["Orla Penk"])]
    assert [one.what for one in article.notes] == ["member of a coreference group that is no source"]


def test_words_that_stand_elsewhere_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"a span of wsj_1\.json at 1-5 does not say what stands there"):
        others(tmp_path, quote(cue=span("said", 1)))


def test_the_toy_corpus_in_its_form(toy_holdings: Holdings) -> None:
    layer = toy_holdings.layers["annotations/toy_0001/a3f1.json"]
    text = toy_holdings.documents["toy_0001"].text or ""
    made = citron.to_json(layer, text)
    assert len(made["quotes"]) == sum(bool(one.cues) for one in layer.attributions)
    for one in made["quotes"]:
        assert {"cue", "sources", "contents"} <= set(one)
        for piece in [one["cue"], *one["sources"], *one["contents"]]:
            assert text[piece["start"] : piece["end"]] == piece["text"]
