"""DirectQuote's columns: IOB1 tags whose labels say on which side the speaker stands."""

from pathlib import Path

import pytest

from corpus.formats import reader
from corpus.formats.converted import Article, Given
from corpus.problems import CorpusError

COLUMNS = """Orla O
Penk I-Speaker
said O
" I-LeftSpeaker
Safe I-LeftSpeaker
" I-LeftSpeaker
" B-LeftSpeaker
Dry I-LeftSpeaker
" I-LeftSpeaker

" I-RightSpeaker
Wet I-RightSpeaker
" I-RightSpeaker
Ilse I-Speaker

" I-Unknown
Who I-Unknown
" I-Unknown
Rask I-Speaker
. Out
"""


def converted(folder: Path, columns: str) -> list[Article]:
    (folder / "data").mkdir()
    (folder / "data" / "truecased.txt").write_text(columns, encoding="utf-8")
    return list(reader("directquote")(folder, Given()).articles)


def said(article: Article) -> list[tuple[str, list[str]]]:
    whole, (layer,) = article.document.text or "", article.layers
    words = {one.id: whole[one.spans[0].start : one.spans[-1].end] for one in layer.mentions}
    assert {one.quote_type for one in layer.attributions} == {"direct"}
    return [(words[one.hub], [words[id] for id in one.sources]) for one in layer.attributions]


def test_speakers_by_their_side(tmp_path: Path) -> None:
    first, second, third = converted(tmp_path, COLUMNS)
    assert (first.document.id, first.document.text) == ("directquote_00001", 'Orla Penk said " Safe " " Dry "')
    assert said(first) == [('" Safe "', ["Penk"]), ('" Dry "', ["Penk"])]  # neighbours of one kind stay apart
    assert said(second) == [('" Wet "', ["Ilse"])]
    assert said(third) == [('" Who "', [])]
    assert [(one.what, one.number) for one in third.notes] == [("speaker of no quotation", 1)]


def test_a_side_without_a_speaker_is_told(tmp_path: Path) -> None:
    (article,) = converted(tmp_path, '" I-LeftSpeaker\nPenk I-Speaker\n')
    assert {one.what for one in article.notes} == {"LeftSpeaker without a speaker on that side", "speaker of no quotation"}


def test_other_tags_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="has the tag 'B-PER'"):
        converted(tmp_path, "Penk B-PER\n")
