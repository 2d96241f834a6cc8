"""Marks become a layer that every check holds, and each change is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import checks, ingest
from corpus.formats.assembling import Sheet
from corpus.formats.brat_plain import source_of
from corpus.formats.converted import Given
from corpus.model import Annotator, Document, Holdings
from corpus.problems import CorpusError

TEXT = " The dam, Orla Penk said,\nis safe. The council denied it."
WHO = "4b22"


def sheet_of(text: str = TEXT) -> tuple[Sheet, Document]:
    document = ingest.document(text.strip(), id="x", source="mine")
    return Sheet(document, WHO, withheld=False), document


def faults(sheet: Sheet, document: Document) -> list[str]:
    source = source_of(Given(source="mine", licence="CC-BY-4.0"), "brat")
    who = Annotator(id=WHO, kind="human", guidelines="1.0", model=None, note=None)
    held = Holdings(sources={"mine": source}, documents={"x": document}, annotators={WHO: who}, layers={})
    return [one.check for one in checks.of_layer("x", sheet.layer(), held)]


PLACES = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 9)).map(lambda one: (one[0], one[0] + one[1])), min_size=1, max_size=3)
LABELS = st.sampled_from(["claim", "denial", "content", "source", "cue"])
LINKS = st.sampled_from(["denies", "affirms", "same_claim", "same_source", "embedded_in"])


@given(st.lists(st.tuples(LABELS, PLACES), max_size=8), st.data())
def test_any_marks_become_a_sound_layer(marks: list[Any], data: st.DataObject) -> None:
    sheet, document = sheet_of()
    made = [(label, id) for label, places in marks if (id := sheet.mention(label, places, values_of(label))) is not None]
    hubs = [id for label, id in made if label in ("claim", "denial", "content")]
    beside = {name: [id for label, id in made if label == name] for name in ("source", "cue")}
    for hub in data.draw(st.lists(st.sampled_from(hubs), max_size=5)) if hubs else ():
        parts = [data.draw(st.lists(st.sampled_from(held), max_size=2)) if held else [] for held in beside.values()]
        sheet.attribution(sheet.again(hub), *parts, quote_type=data.draw(st.sampled_from([None, "direct", "mixed"])))
    for _ in range(data.draw(st.integers(0, 4)) if len(made) > 1 else 0):
        ends = [data.draw(st.sampled_from(made))[1] for _ in "ab"]
        sheet.link(data.draw(LINKS), *ends)
    assert faults(sheet, document) == []


def values_of(label: str) -> str | None:
    return "T1" if label == "claim" else None  # an id that is asked for more than once


def test_what_is_not_attributed_joins_its_attributed_twin() -> None:
    sheet, document = sheet_of()
    plain, said = sheet.mention("claim", [(0, 7)], "T1"), sheet.mention("claim", [(0, 7)], "T2")
    sheet.attribution(said or "", [sheet.mention("source", [(9, 18)])])
    sheet.keep(plain or "", sure="no")
    layer = sheet.layer()
    assert [one.id for one in layer.mentions if one.label == "claim"] == ["T2"]
    assert sheet.extra() == {"T2": {"sure": "no"}}
    assert [one.what for one in sheet.notes()] == ["statements marked twice, with the same source and cue, joined"]
    assert faults(sheet, document) == []


def test_places_outside_the_text_are_refused() -> None:
    sheet, _ = sheet_of()
    with pytest.raises(CorpusError, match="lies outside the text"):
        sheet.mention("cue", [(0, 999)])
