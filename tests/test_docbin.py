"""DocBins that spaCy opens: the text to the letter, span groups by label; and those of other pipelines."""

from pathlib import Path

import pytest
import spacy
from spacy.tokens import Doc, DocBin, Span

from corpus.formats import reader, writer
from corpus.formats.converted import Given
from corpus.model import Holdings
from corpus.problems import CorpusError


def test_spacy_opens_what_is_written(tmp_path: Path, toy: Path, toy_holdings: Holdings) -> None:
    writer("docbin")(reader("corpus")(toy, Given()), tmp_path / "toy.spacy")
    docs = list(DocBin().from_disk(tmp_path / "toy.spacy").get_docs(spacy.blank("en").vocab))
    assert len(docs) == len(toy_holdings.layers)
    for doc in docs:
        layer = toy_holdings.layers[f"annotations/{doc._.cda['document']['id']}/{doc._.cda['layer']['annotator']}.json"]
        assert doc.text == toy_holdings.documents[layer.document].text
        found = {(one.id_, one.label_, one.start_char, one.end_char) for group in doc.spans.values() for one in group}
        assert found == {(one.id, one.label, span.start, span.end) for one in layer.mentions for span in one.spans}


def test_a_mention_taken_out_in_spacy_goes_with_what_names_it(tmp_path: Path, toy: Path) -> None:
    writer("docbin")(reader("corpus")(toy, Given(only="toy_0001")), tmp_path / "toy.spacy")
    docs = list(DocBin().from_disk(tmp_path / "toy.spacy").get_docs(spacy.blank("en").vocab))
    changed = DocBin(store_user_data=True)
    for doc in docs:
        doc.spans["cue"] = []
        changed.add(doc)
    changed.to_disk(tmp_path / "changed.spacy")
    (article,) = reader("docbin")(tmp_path / "changed.spacy", Given()).articles
    assert not any(one.label == "cue" for layer in article.layers for one in layer.mentions)
    assert not any(one.cues for layer in article.layers for one in layer.attributions)


def test_a_docbin_of_another_pipeline(tmp_path: Path) -> None:
    doc = Doc(
        spacy.blank("en").vocab,
        words=["It", "holds", ",", "Orla", "Penk", "said", "."],
        spaces=[True, False, True, True, True, False, False],
    )
    doc.spans["quote"] = [Span(doc, 0, 2)]
    doc.spans["sc"] = [Span(doc, 5, 6, label="CUE")]
    doc.ents = [Span(doc, 3, 5, label="SPEAKER")]
    DocBin(docs=[doc]).to_disk(tmp_path / "x.spacy")
    (article,) = reader("docbin")(tmp_path / "x.spacy", Given(source="mine", licence="CC-BY-4.0")).articles
    assert [(one.label, one.spans[0].quote) for one in article.layers[0].mentions] == [
        ("content", "It holds"), ("source", "Orla Penk"), ("cue", "said"),
    ]  # fmt: skip


def test_what_is_no_docbin_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.spacy").write_bytes(b"no")
    with pytest.raises(CorpusError, match="is no DocBin"):
        reader("docbin")(tmp_path / "x.spacy", Given())
