"""CAS files that cassis and so INCEpTION open, with layers and features defined; and those of any other type system."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cassis
import pytest

from corpus import ingest, tasks
from corpus.formats import cas, cas_json, cas_xmi, reader, writer
from corpus.formats.converted import Article, Converted, Given
from corpus.model import Holdings
from corpus.problems import CorpusError

TEXT = "😀 The dam, Orla Penk said, is safe."
FORMS = {"cas-xmi": cas_xmi.FORM, "cas-json": cas_json.FORM}


@pytest.fixture
def written(tmp_path: Path, toy: Path) -> Callable[[str], Path]:
    def write(name: str) -> Path:
        (tmp_path / name).mkdir()
        writer(name)(reader("corpus")(toy, Given()), tmp_path / name)
        return tmp_path / name

    return write


def test_cassis_opens_what_is_written(written: Callable[[str], Path], toy_holdings: Holdings) -> None:
    folder = written("cas-xmi")
    types = cassis.load_typesystem(folder / cas.TYPES)
    assert {one.name for one in types.get_type(cas.MENTION).features} == {"label", "identifier", *tasks.CHOICES, tasks.WORDS}
    for path, layer in toy_holdings.layers.items():
        _, document, file = path.split("/")
        with (folder / file.removesuffix(".json") / f"{document}.xmi").open("rb") as opened:
            made = cassis.load_cas_from_xmi(opened, typesystem=types)
        text = toy_holdings.documents[document].text or ""
        assert made.sofa_string == text
        spans = {(one.begin, one.end, one.label) for one in made.select(cas.MENTION) if one.label != tasks.FRAGMENT}
        assert spans == {(one.spans[0].start, one.spans[0].end, one.label) for one in layer.mentions}
        assert all(one.get_covered_text() == text[one.begin : one.end] for one in made.select(cas.MENTION))
        drawn = [one.label for one in made.select(cas.RELATION)]
        assert drawn.count("denies") == sum(link.type == "denies" for link in layer.links)
        assert drawn.count("has_source") == sum(len(one.sources) for one in layer.attributions)


def test_offsets_of_the_file_count_utf16(written: Callable[[str], Path], toy_holdings: Holdings) -> None:
    folder = written("cas-xmi")
    text = toy_holdings.documents["toy_0002"].text or ""
    root = ET.fromstring(next(folder.glob("*/toy_0002.xmi")).read_bytes())
    units = text.encode("utf-16-le")
    for one in root.iter("{http:///webanno/custom.ecore}CdaMention"):
        start, end = int(one.get("begin") or 0), int(one.get("end") or 0)
        assert units[2 * start : 2 * end].decode("utf-16-le") in text
    assert max(int(one.get("end") or 0) for one in root.iter("{http:///webanno/custom.ecore}CdaMention")) <= len(units) / 2
    assert len(units) / 2 > len(text)  # so the two counts differ in this article


def test_control_characters_are_refused_by_xmi_and_held_by_json(toy_holdings: Holdings, tmp_path: Path) -> None:
    document = replace(ingest.document("The dam\x0c is safe.", id="toy_0009", source="toy"), story="toy")
    for name in FORMS:
        (tmp_path / name).mkdir()
        made = Converted(
            sources=tuple(toy_holdings.sources.values()), annotators=(), total=1, articles=iter([Article(document=document, layers=())])
        )
        if name == "cas-xmi":
            with pytest.raises(CorpusError, match="toy_0009 cannot be written as cas-xmi"):
                writer(name)(made, tmp_path / name)
        else:
            writer(name)(made, tmp_path / name)
            assert [one.document.text for one in reader(name)(tmp_path / name, Given()).articles] == [document.text]


def others(folder: Path, name: str) -> Article:
    """A project with layers of its own: Quote with a feature value, Speaker by its name, an arrow between, a Place, tokens."""
    types = cassis.TypeSystem()
    made = {
        one: types.create_type(name=f"webanno.custom.{one}", supertypeName="uima.tcas.Annotation")
        for one in ("Span", "Speaker", "Place", "Token")
    }
    types.create_feature(domainType=made["Span"], name="value", rangeType="uima.cas.String")
    types.create_feature(domainType=made["Span"], name="sure", rangeType="uima.cas.String")
    arrow = types.create_type(name="webanno.custom.SaidBy", supertypeName="uima.tcas.Annotation")
    for end in ("Governor", "Dependent"):
        types.create_feature(domainType=arrow, name=end, rangeType="uima.tcas.Annotation")
    file = cassis.Cas(typesystem=types)
    file.sofa_string, file.sofa_mime = TEXT, "text/plain"

    def place(words: str) -> dict[str, int]:
        return {"begin": TEXT.index(words), "end": TEXT.index(words) + len(words)}

    quote, speaker = made["Span"](**place("is safe"), value="Quote", sure="no"), made["Speaker"](**place("Orla Penk"))
    file.add_all([quote, speaker, made["Place"](**place("dam")), made["Token"](**place("The"))])
    file.add(arrow(**place("Orla Penk"), Governor=quote, Dependent=speaker))
    if name == "cas-xmi":
        (folder / cas.TYPES).write_text(types.to_xml(), encoding="utf-8")
        file.to_xmi(folder / "the dam.xmi")
    else:
        file.to_json(folder / "the dam.json")
    (article,) = reader(name)(folder, Given(source="mine", licence="CC-BY-4.0")).articles
    return article


@pytest.mark.parametrize("name", FORMS)
def test_a_project_of_another_type_system(name: str, tmp_path: Path) -> None:
    article = others(tmp_path, name)
    (layer,) = article.layers
    assert [(one.label, one.spans[0].quote) for one in layer.mentions] == [("source", "Orla Penk"), ("content", "is safe")]
    assert [len(one.sources) for one in layer.attributions] == [1]
    kept = article.extra[layer.annotator]
    assert {"sure": "no"} in kept.values()
    assert any(name.startswith("Place.") for name in kept["document"])
    assert [(one.what, one.number) for one in article.notes if "Token" in one.what] == [
        ("Token, which marks no statement, source or cue", 1)
    ]


@pytest.mark.parametrize(("name", "data"), [("cas-xmi", b"<x"), ("cas-json", b"{}"), ("cas-json", b"[")])
def test_what_is_no_cas_is_refused(name: str, data: bytes, tmp_path: Path) -> None:
    (tmp_path / f"x.{FORMS[name].ending}").write_bytes(data)
    with pytest.raises(CorpusError, match=r"x\.(xmi|json) is no CAS"):
        list(reader(name)(tmp_path, Given()).articles)
