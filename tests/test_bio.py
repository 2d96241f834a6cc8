"""BIO columns: tags over whole tokens, what is lost told; columns of others in BIO, IOB1 and BIOES."""

from pathlib import Path

import pytest

from corpus.formats import bio, reader
from corpus.formats.converted import Article, Given, Note
from corpus.model import Holdings
from corpus.problems import CorpusError


def others(folder: Path, columns: str, text: str | None = None) -> list[Article]:
    (folder / "x.conll").write_text(columns, encoding="utf-8")
    if text is not None:
        (folder / "x.txt").write_text(text, encoding="utf-8")
    return list(reader("bio")(folder, Given(source="mine", licence="CC-BY-4.0")).articles)


def marks(article: Article) -> list[tuple[str, str | None]]:
    return [(one.label, one.spans[0].quote) for one in article.layers[0].mentions]


def test_columns_of_the_toy_corpus(toy_holdings: Holdings) -> None:
    layer = toy_holdings.layers["annotations/toy_0001/a3f1.json"]
    text = toy_holdings.documents["toy_0001"].text or ""
    lines = bio.tagged(layer, text).split("\n")
    assert lines[0] == "# columns: token, then a BIO tag for each of claim denial content source cue"
    rows = [line.split("\t") for line in lines if "\t" in line]
    assert "".join(row[0] for row in rows) == "".join(text.split())
    assert {len(row) for row in rows} == {6}
    starts = [sum(row[at] == "B" for row in rows) for at in range(1, 6)]
    assert starts[3] == sum(len(one.spans) for one in layer.mentions if one.label == "source")


@pytest.mark.parametrize(
    "tags",
    [
        ["O", "B-Quote", "I-Quote", "O", "B-Speaker", "I-Speaker", "B-CUE"],
        ["O", "I-Quote", "I-Quote", "O", "I-Speaker", "I-Speaker", "I-CUE"],  # IOB1
        ["O", "B-Quote", "E-Quote", "O", "B-Speaker", "E-Speaker", "S-CUE"],  # BIOES
    ],
)
def test_tags_of_others(tmp_path: Path, tags: list[str]) -> None:
    tokens = ["Well", "it", "holds", ",", "Orla", "Penk", "said"]
    columns = "".join(f"{token} NN {tag}\n" for token, tag in zip(tokens, tags, strict=True))
    (article,) = others(tmp_path, f"-DOCSTART- -X- O\n\n{columns}\nEnd NN O\n")
    assert article.document.text == "Well it holds , Orla Penk said\nEnd"
    assert marks(article) == [("content", "it holds"), ("source", "Orla Penk"), ("cue", "said")]
    (said,) = article.layers[0].attributions
    assert (len(said.sources), len(said.cues)) == (1, 1)
    assert Note(kind="changed", what="source tied to the nearest statement, for the format tells no attributions") in article.notes


def test_iob1_parts_neighbours_of_one_kind(tmp_path: Path) -> None:
    (article,) = others(tmp_path, "a I-claim\nb B-claim\nc I-claim\n")
    assert marks(article) == [("claim", "a"), ("claim", "b c")]


def test_documents_of_one_file(tmp_path: Path) -> None:
    articles = others(tmp_path, "-DOCSTART- O\n\na B-claim\n\n-DOCSTART- O\n\nb O\nc B-Place\n")
    assert [(one.document.id, one.document.text) for one in articles] == [("x_1", "a"), ("x_2", "b c")]
    assert articles[1].notes == (Note(kind="left_out", what="tags that are no label of the scheme"),)


def test_tokens_of_another_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="first that differs is 'dyke'"):
        others(tmp_path, "The O\ndyke B-claim\n", "The dam")
