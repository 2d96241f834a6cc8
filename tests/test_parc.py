"""PARC's words become attributions over the text of PTB, or over the words put together where that is not at hand."""

from pathlib import Path

import pytest

from corpus.formats import reader
from corpus.formats.converted import Article, Given
from corpus.problems import CorpusError

# nine characters of head, as PTB files have
RAW = ".START \n\nOrla Penk (of Harrow) said the dam holds.\n\nIt is safe.\n"
WORDS = ["Orla", "Penk", "-LRB-", "of", "Harrow", "-RRB-", "said", "the", "dam", "holds", ".", "It", "is", "safe", "."]
ROLES = {
    "wsj_1_set_0": {"source": range(6), "cue": [6], "content": [*range(7, 10), *range(11, 14)]},
    "wsj_1_Nested_set_1": {"source": [8], "cue": [9]},
}


def xml(shifted: int | None = None, raw: str = RAW) -> str:
    made, at = [], 0
    for number, word in enumerate(WORDS):
        plain = {"-LRB-": "(", "-RRB-": ")"}.get(word, word)
        start = raw.index(plain, at if number else 9)
        at = start + len(plain)
        by = 1 if number == shifted else 0
        roles = "".join(
            f'<attribution id="{name}"><attributionRole roleValue="{role}"/></attribution>'
            for name, held in ROLES.items() for role, numbers in held.items() if number in numbers
        )  # fmt: skip
        made.append(f'<WORD ByteCount="{start - by},{at - by}" gorn="0" lemma="x" pos="NN" text="{word}">{roles}</WORD>')
    return f"<root><SENTENCE gorn='0'><S>{''.join(made[:11])}</S></SENTENCE><SENTENCE gorn='1'>{''.join(made[11:])}</SENTENCE></root>"


def converted(folder: Path, data: str, raw: str | None = RAW) -> Article:
    (folder / "train").mkdir()
    (folder / "train" / "wsj_0001.xml").write_text(data, encoding="utf-8")
    if raw is not None:
        (folder / "raw").mkdir()
        (folder / "raw" / "wsj_0001").write_text(raw, encoding="utf-8")
    (article,) = reader("parc")(folder, Given()).articles
    return article


@pytest.mark.parametrize("shifted", [None, 1])
def test_attributions_over_the_text_of_ptb(tmp_path: Path, shifted: int | None) -> None:
    article = converted(tmp_path, xml(shifted))
    whole = article.document.text or ""
    assert whole == "Orla Penk (of Harrow) said the dam holds.\n\nIt is safe."
    (layer,) = article.layers
    words = {one.id: [whole[span.start : span.end] for span in one.spans] for one in layer.mentions}
    said = [[words[id] for id in (one.hub, *one.sources, *one.cues)] for one in layer.attributions]
    assert [["the dam holds", "It is safe"], ["Orla Penk (of Harrow)"], ["said"]] in said
    assert [["holds"], ["dam"], ["holds"]] in said  # nested, without content: its cue stands for it
    kept = article.extra[layer.annotator]
    assert kept["document"] == {"part": "train"}
    assert {"parc_id": "wsj_1_Nested_set_1", "nested": True} in kept.values()
    moved = [one.number for one in article.notes if one.what == "words whose ByteCount is off by one"]
    assert moved == ([] if shifted is None else [1])


def test_text_put_together_from_words(tmp_path: Path) -> None:
    article = converted(tmp_path, xml(), raw=None)
    assert article.document.text == "Orla Penk (of Harrow) said the dam holds.\n\nIt is safe."
    assert any("put together" in one.what for one in article.notes)


def test_another_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"words of wsj_0001\.xml do not stand where"):
        converted(tmp_path, xml(), raw=RAW.replace("Orla", "Somebody else named"))


def test_words_without_place_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="has no ByteCount"):
        converted(tmp_path, "<root><WORD text='a'/></root>")
