"""The datasheet's figures and the pictures are those of the data; what of them needs withheld texts is held where those are at hand."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from scripts import write_datasheet

from corpus import agreement, datasheet, pictures, store
from corpus.model import Holdings
from corpus.problems import CorpusError
from tests.conftest import ROOT, TOY

PAGE = "# Datasheet\n\n<!-- figures: one -->\nold\n<!-- end of figures -->\n\nProse.\n\n<!-- figures: two -->\n<!-- end of figures -->\n"


@pytest.fixture(scope="module")
def repository() -> Holdings:
    return store.read(ROOT).holdings


@pytest.fixture(scope="module")
def wanted(repository: Holdings) -> dict[str, str]:
    return write_datasheet.written(ROOT, repository)


def test_blocks_replace_what_stood_between_their_marks() -> None:
    page = datasheet.filled(PAGE, {"one": "| 1 |\n", "two": "| 2 |"})
    assert page.count("Prose.") == 1
    assert "old" not in page
    assert "<!-- figures: two -->\n\n| 2 |\n\n<!-- end of figures -->\n" in page
    assert datasheet.filled(page, {"one": "| 1 |\n", "two": "| 2 |"}) == page


@pytest.mark.parametrize("blocks", [{"one": ""}, {"one": "", "two": "", "three": ""}])
def test_a_block_that_nobody_marks_is_refused(blocks: dict[str, str]) -> None:
    with pytest.raises(CorpusError, match="the page marks one, two"):
        datasheet.filled(PAGE, blocks)


def test_every_figure_of_the_datasheet_is_current(wanted: dict[str, str], repository: Holdings) -> None:
    stands = (ROOT / "DATASHEET.md").read_text(encoding="utf-8").splitlines()
    left_out = () if _all_texts(repository) else datasheet.TOKENS
    kept = list(_lines(stands, left_out))
    assert kept == list(_lines(wanted["DATASHEET.md"].splitlines(), left_out))
    assert len(kept) > 150


@pytest.mark.parametrize("name", ["labels", "lengths", "who-denies-whom", "agreement"])
def test_every_picture_is_current(name: str, wanted: dict[str, str], repository: Holdings) -> None:
    if name == "agreement" and not _all_texts(repository):
        pytest.skip("the withheld texts are not here, which token figures need: corpus hydrate lee")
    where = f"docs/pictures/{name}.svg"
    assert (ROOT / where).read_text(encoding="utf-8") == wanted[where]


def test_pictures_hold_no_date_and_no_words_of_articles(wanted: dict[str, str]) -> None:
    for where, words in wanted.items():
        if where.endswith(".svg"):
            assert "<dc:date>" not in words
            assert "http" not in re.sub(r'(xmlns(:\w+)?|rdf:resource)="[^"]*"|<!DOCTYPE[^>]*>', "", words)


def test_the_toy_corpus_is_counted_by_hand() -> None:
    toy = store.read(TOY).holdings
    found = agreement.of_gold(toy, by=("source",))
    assert found is not None
    blocks = datasheet.blocks(toy, found, [])
    assert "| toy | 3 |" in blocks["composition"]
    assert "| mentions: denial | 5 | 5 |" in blocks["marks"]
    none = "No pair of a statement and a claim of another article has been judged yet."
    assert blocks["registry"] == f"1 claims, 0 of them told in two articles or more; 2 members: 1 asserts, 1 denies. {none}"
    assert datasheet.who_denies_whom(toy, "toy") == {
        ("organisation", "person_named"): 1,
        ("person_named", "person_named"): 1,
        ("organisation", "organisation"): 1,
        ("collective", "document_media"): 1,
    }
    assert pictures.labels(datasheet.labels_by_source(toy)) == pictures.labels(datasheet.labels_by_source(toy))


def _all_texts(holdings: Holdings) -> bool:
    return all(one.text is not None for one in holdings.documents.values())


def _lines(page: list[str], left_out: Sequence[str]) -> Iterator[str]:
    told = re.compile(r"; [\d,]+ of them without text here and left out of token figures")
    return (told.sub("", line) for line in page if not any(line.startswith(f"| {one}") for one in left_out))


def test_the_page_names_pictures_that_are_there() -> None:
    for page in ("DATASHEET.md", "README.md"):
        for where in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (ROOT / page).read_text(encoding="utf-8")):
            assert (ROOT / where).is_file() or Path(where).is_absolute(), where
