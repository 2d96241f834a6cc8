"""brat files as brat's own parser holds them: read line by line, words as they stand; and any other brat project, nothing lost unsaid."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from corpus.formats import brat, reader, writer
from corpus.formats.converted import Article, Given
from corpus.model import HUBS
from corpus.problems import CorpusError
from tests.strategies import Case, cases

TEXT = "The dam, Orla Penk said,\nis safe. The council denied it."


def strictly_read(text: str, data: str) -> dict[str, tuple[str, ...]]:
    """The rules of brat 1.3, server/src/annotation.py: what it would put aside as a failed line is an error here."""
    found: dict[str, tuple[str, ...]] = {}
    for line in data.splitlines(keepends=True):
        id, tail = line.rstrip("\n").split("\t", 1)
        assert id not in found
        held, _, rest = tail.partition("\t")
        if id.startswith("T"):
            kind, places = held.split(" ", 1)
            spans = [tuple(map(int, one.split(" "))) for one in places.split(";")]
            assert all(0 <= start <= end <= len(text) for start, end in spans)
            assert all(not (end >= others[0] and start < others[1]) for n, (start, end) in enumerate(spans) for others in spans[:n])
            assert rest == " ".join(text[start:end] for start, end in spans)
            found[id] = (kind,)
        elif id.startswith("E"):
            kind, trigger = held.split(" ")[0].split(":")
            found[id] = (kind, trigger, *(one.split(":")[1] for one in held.split(" ")[1:]))
            assert found[trigger] == (kind,)
        elif id.startswith("R"):
            kind, *ends = held.split()
            assert [one.split(":")[0] for one in ends] == ["Arg1", "Arg2"]
            found[id] = (kind, *(one.split(":")[1] for one in ends))
        else:
            kind, target, *_ = held.split(" ")
            assert re.fullmatch("[A-Z][A-Za-z]+", kind)
            found[id] = (kind, target)
    assert all(named in found for _, *names in found.values() for named in names)
    return found


@settings(max_examples=50)
@given(cases())
def test_every_file_is_one_that_brat_reads(case: Case) -> None:
    text = case.document.text or ""
    records, _ = brat.written(case.layer, text)
    found = strictly_read(text, "".join(f"{one}\n" for one in records))
    assert sum(kind == "Attribution" for id, (kind, *_) in found.items() if id[0] == "E") == len(case.layer.attributions)
    assert sum(id[0] == "R" for id in found) == len(case.layer.links)


def test_the_configuration_names_every_type() -> None:
    parts = dict(re.findall(r"(?ms)^\[(\w+)\]\n(.*?)(?=^\[|\Z)", brat.configuration()))
    assert [*parts] == ["entities", "relations", "events", "attributes"]
    assert {line.split("\t")[0] for line in parts["relations"].splitlines()} >= {
        "denies",
        "affirms",
        "same_claim",
        "same_source",
        "embedded_in",
    }
    assert parts["entities"].split() == ["Claim", "Denial", "Content", "Source", "Cue"]


def plain(folder: Path, files: dict[str, str], text: str = TEXT) -> Article:
    (folder / "news").mkdir()
    (folder / "news" / "the dam.txt").write_text(text, encoding="utf-8")
    for name, records in files.items():
        (folder / "news" / name).write_text(records, encoding="utf-8")
    (article,) = reader("brat")(folder, Given(source="mine", licence="CC-BY-4.0", language="cy")).articles
    return article


def mark(id: str, kind: str, *words: str) -> str:
    places = ";".join(f"{TEXT.index(one)} {TEXT.index(one) + len(one)}" for one in words)
    return f"{id}\t{kind} {places}\t{' '.join(words)}\n"


RECORDS = (
    mark("T1", "Speaker", "Orla Penk") + mark("T2", "cue", "said") + mark("T3", "Quotation", "The dam,", "is safe")
    + mark("T4", "SOURCE", "The council") + mark("T5", "Cue", "denied") + mark("T6", "denial", "it") + mark("T7", "Place-name", "dam")
    + "E1\tSaying:T2 Who:T1 What:T3 How:T2\nA1\tquote_type E1 indirect\nA2\tNegation E1\n"
    + "R1\tby Arg1:T6 Arg2:T4\nR2\thas_cue Arg1:T6 Arg2:T5\nR3\tDenies Arg1:T6 Arg2:T3\nR4\tnear Arg1:T7 Arg2:T1\n"
    + "#1\tAnnotatorNotes T3\tnot sure\nN1\tReference T1 Wikidata:Q1\tPenk\n"
)  # fmt: skip


def test_a_plain_project(tmp_path: Path) -> None:
    article = plain(tmp_path, {"the dam.ann": RECORDS, "the dam_ann-2.ann": ""})
    assert (article.document.id, article.document.source, article.document.language) == ("news_the-dam", "mine", "cy")
    full, empty = sorted(article.layers, key=lambda one: -len(one.mentions))
    assert not empty.mentions
    marks = {one.id: (one.label, [span.quote for span in one.spans]) for one in full.mentions}
    assert marks["T3"] == ("content", ["The dam,", "is safe"])
    said = {one.hub: (one.sources, one.cues, one.quote_type) for one in full.attributions}
    assert said == {"T3": (("T1",), ("T2",), "indirect"), "T6": (("T4",), ("T5",), None)}
    assert [(one.type, one.from_, one.to) for one in full.links] == [("denies", "T6", "T3")]
    kept = article.extra[full.annotator]
    assert kept["a-T3"] == {"Negation": True}
    assert kept["T3"] == {"AnnotatorNotes": "not sure"}
    assert kept["T1"] == {"Reference": "Wikidata:Q1"}
    assert kept["document"]["near.R4.T7"] == "T7 T1"
    assert [TEXT[one.start : one.end] for one in kept["document"]["Place-name.T7"]] == ["dam"]  # type: ignore[union-attr]


def test_a_statement_marked_in_pieces_is_one_hub(tmp_path: Path) -> None:
    records = mark("T1", "Content", "The dam") + mark("T2", "Content", "is safe") + mark("T3", "Cue", "said")
    article = plain(tmp_path, {"the dam.ann": records + "E1\tAttribution:T3 Content:T1 Content2:T2 Cue:T3\n"})
    assert [[span.quote for span in one.spans] for one in article.layers[0].mentions if one.label in HUBS] == [["The dam", "is safe"]]


@pytest.mark.parametrize(
    ("records", "said"),
    [
        ("T1\tCue 0 999\tx\n", "lies outside the text"),
        ("T1\tCue 0 3\tdam\n", "does not say what stands at its offsets"),
        ("R1\tby Arg1:T1 Arg2:T2\n", "names T1, which is not there"),
        ("T1 Cue 0 3\tThe\n", "cannot be read"),
        (mark("T1", "Cue", "said") * 2, "stands twice"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, records: str, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        plain(tmp_path, {"the dam.ann": records})


def test_a_correction_made_in_brat_comes_back(tmp_path: Path, toy: Path) -> None:
    writer("brat")(reader("corpus")(toy, Given()), tmp_path)
    file = next(one for one in sorted(tmp_path.glob("*/*.ann")) if "\nR1\t" in one.read_text(encoding="utf-8"))
    before = {one.document.id: one for one in reader("brat")(tmp_path, Given()).articles}
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if not line.startswith("R1\t")]
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    after = {one.document.id: one for one in reader("brat")(tmp_path, Given()).articles}
    assert [id for id in before if before[id].layers != after[id].layers] == [file.stem]


def test_two_events_on_one_statement_keep_who_says_it_apart(tmp_path: Path) -> None:
    records = (
        mark("T1", "Content", "is safe")
        + mark("T2", "Source", "Orla Penk")
        + mark("T3", "Source", "The council")
        + mark("T4", "Cue", "said")
    )
    article = plain(tmp_path, {"the dam.ann": f"{records}E1\tA:T4 C:T1 S:T2 Q:T4\nE2\tA:T4 C:T1 S:T3 Q:T4\n"})
    assert [one.sources for one in article.layers[0].attributions] == [("T2",), ("T3",)]
