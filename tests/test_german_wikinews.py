"""Quotations of German Wikinews become contents with their speakers and cues; what the scheme has no place for is kept beside."""

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.formats import reader
from corpus.formats.converted import Article, Given
from corpus.problems import CorpusError

TEXT = "Sie gab, sagte Orla Penk der Presse, nichts zu."
NAME = "12 - Damm: „hält“ (2026-03-01)"


def role(*words: str) -> dict[str, Any]:
    spans = [{"charBegin": TEXT.index(one), "charEnd": TEXT.index(one) + len(one)} for one in words]
    return {"spans": spans, "text": " ".join(words), "tokenIds": []}


def quotation(**changed: Any) -> dict[str, Any]:
    one = {
        "id": 0,
        "quote": role("Sie gab", "nichts zu"),
        "speaker": role("Orla Penk"),
        "cue": role("sagte"),
        "frame": role(", sagte Orla Penk"),
    }
    return (
        one | {"addressee": role("der Presse"), "type": "FreeIndirect", "medium": "Speech", "isNested": True, "hasNested": False} | changed
    )


def converted(folder: Path, *quotations: dict[str, Any], text: str = TEXT, name: str = NAME) -> Article:
    place = folder / "data" / "dev"
    place.mkdir(parents=True)
    value = {"annotations": quotations, "documentName": name, "originalText": text, "sentences": []}
    (place / f"{name}.pretty.json").write_text(json.dumps(value), encoding="utf-8")
    (article,) = reader("german-wikinews")(folder, Given()).articles
    return article


def test_a_quotation_with_all_its_parts(tmp_path: Path) -> None:
    article = converted(tmp_path, quotation(), quotation(id=1, speaker=role(), cue=role(), type="Direct"))
    assert (article.document.id, article.document.date, article.document.language) == ("wikinews-de_12", "2026-03-01", "de")
    (layer,) = article.layers
    words = {one.id: [TEXT[span.start : span.end] for span in one.spans] for one in layer.mentions}
    said = {one.quote_type: [words[id] for id in (one.hub, *one.sources, *one.cues)] for one in layer.attributions}
    quote = ["Sie gab", "nichts zu"]
    assert said == {"indirect": [quote, ["Orla Penk"], ["sagte"]], "direct": [quote]}  # twice the same words, otherwise attributed
    kept = article.extra[layer.annotator]
    assert kept["document"] == {"part": "dev", "title": "Damm: „hält“"}
    first = kept[next(one.id for one in layer.attributions if one.quote_type == "indirect")]
    assert (first["type"], first["medium"], first["isNested"], first["hasNested"]) == ("FreeIndirect", "Speech", True, False)
    assert [TEXT[one.start : one.end] for one in first["addressee"]] == ["der Presse"]  # type: ignore[union-attr]


def test_a_title_that_stands_in_the_text_is_not_stored(tmp_path: Path) -> None:
    title = "der Damm in Harrow hält auch im Winter"
    article = converted(tmp_path, text=f"Sie sagte: {title}.", name=f"12 - {title} (2026-03-01)")
    assert article.extra[article.layers[0].annotator]["document"] == {"part": "dev"}


def test_words_that_stand_elsewhere_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="the cue of quotation 0 of wikinews-de_12 does not say what stands at its offsets"):
        converted(tmp_path, quotation(cue=role("sagte") | {"text": "meinte"}))


def test_real_files(peers: Path) -> None:
    articles = list(reader("german-wikinews")(peers / "german-wikinews", Given()).articles)
    layers = [layer for one in articles for layer in one.layers]
    assert (len(articles), sum(len(one.attributions) for one in layers)) == (17, 68)
    assert sum(bool(one.cues) for layer in layers for one in layer.attributions) == 49
    assert sum(bool(one.sources) for layer in layers for one in layer.attributions) == 63
    assert not [note for one in articles for note in one.notes]
