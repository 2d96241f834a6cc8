"""Another corpus is loaded from its own files in one call: rows of this scheme, its own splits, made once, faults in a sentence."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import corpus
from corpus import foreign, store
from corpus.formats.converted import Converted, Given
from corpus.formats.corpus_tree import read as read_tree
from corpus.problems import CorpusError
from tests.conftest import TOY
from tests.test_polnear import EVENTS, TEXT, written


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    import datasets

    datasets.disable_progress_bars()
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "cache"))
    yield
    datasets.enable_progress_bars()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A small invented corpus in the form of PolNeAR: an article with two annotators in train, one in dev."""
    for part, name, whos in (("train", "first", ("5fec", "6b86")), ("dev", "second", ("5fec",))):
        folder = tmp_path / "polnear/data" / part
        (folder / "text").mkdir(parents=True)
        (folder / "attributions").mkdir()
        (folder / f"text/courier_2016-09-08_{name}.txt").write_text(TEXT + "\n", encoding="utf-8")
        for who, events in zip(whos, (EVENTS[:2], EVENTS[:1]), strict=False):
            (folder / f"attributions/courier_2016-09-08_{name}_{who}.ann").write_bytes(written(*events))
    return tmp_path / "polnear"


def rows(opened: Any) -> dict[str, int]:
    return {split: held.num_rows for split, held in opened.items()}


def test_its_own_splits_the_first_annotator_and_every_layer_beside(checkout: Path) -> None:
    documents = corpus.load("polnear", path=checkout)
    assert rows(documents) == {"train": 1, "validation": 1}
    assert documents["train"][0]["text"] == TEXT
    assert documents["train"][0]["annotator"] == "5fec"
    assert rows(corpus.load("polnear", "attributions", path=checkout)) == {"train": 2, "validation": 2}
    assert rows(corpus.load("polnear", "annotations", path=checkout)) == {"train": 2, "validation": 1}


def test_one_split_a_stream_and_labels_as_classes(checkout: Path) -> None:
    held = corpus.load("polnear", "attributions", "train", path=checkout)
    assert held.features["hub"]["label"].int2str(held[0]["hub"]["label"]) == "content"
    streamed = corpus.load("polnear", "attributions", "train", path=checkout, streaming=True)
    assert [one["attribution"] for one in streamed] == [one["attribution"] for one in held]


def test_it_is_made_once_for_the_same_files_and_anew_for_others(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = foreign.shards("polnear", checkout, Given(), tmp_path / "made")
    with monkeypatch.context() as patched:
        patched.setattr(foreign, "_write", lambda read, folder: pytest.fail("made again"))
        assert foreign.shards("polnear", checkout, Given(), tmp_path / "made") == first
        (checkout / "data/dev/corenlp").mkdir()  # of which theirs has a thousand large ones
        (checkout / "data/dev/corenlp/courier_2016-09-08_second.txt.xml").write_bytes(b"x")
        assert foreign.shards("polnear", checkout, Given(), tmp_path / "made") == first
    (checkout / "data/dev/attributions/courier_2016-09-08_second_5fec.ann").write_bytes(written(*EVENTS[:1]))
    second = foreign.shards("polnear", checkout, Given(), tmp_path / "made")
    assert second != first
    assert sorted(one.name for one in (tmp_path / "made").iterdir()) == sorted((first.name, second.name))


def test_a_corpus_that_breaks_off_leaves_nothing(checkout: Path, tmp_path: Path) -> None:
    (checkout / "data/dev/attributions/courier_2016-09-08_second_5fec.ann").write_bytes(b"T1\tSource 0 999\tThe dam\n")
    with pytest.raises(CorpusError, match="outside the text"):
        foreign.shards("polnear", checkout, Given(), tmp_path / "made")
    assert list((tmp_path / "made").iterdir()) == []


def test_a_reader_that_breaks_a_rule_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    def faulty(path: Path, given: Given) -> Converted:
        read = read_tree(path, given)
        articles = (replace(one, layers=tuple(replace(layer, attributions=()) for layer in one.layers)) for one in read.articles)
        return replace(read, articles=articles)

    monkeypatch.setattr("corpus.formats.corpus_tree.read", faulty)
    with pytest.raises(CorpusError, match="cannot be taken"):
        foreign.shards("corpus", TOY, Given(), tmp_path / "made")


def test_our_own_scheme_by_the_same_call_gives_the_rows_of_a_release() -> None:
    documents = [row for split in corpus.load("corpus", path=TOY).values() for row in split]
    holdings = store.read(TOY).holdings
    assert {row["document"]: row["annotator"] for row in documents} == {
        id: layer.annotator for id in holdings.documents if (layer := holdings.of_record(id)) is not None
    }


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"what": "polnaer"}, "there is no format 'polnaer'"),
        ({"config": "denials"}, "nothing of this corpus stands in denials; it has: documents, attributions, tokens, annotations"),
        ({"config": "quotes"}, "there is no config 'quotes'"),
        ({"split": "test"}, "documents has no split 'test'; it has: train, validation"),
        ({"path": "nowhere"}, "nowhere is not there"),
        ({"tongue": "de"}, "'tongue' cannot be told"),
        ({"path": None, "language": "de"}, "'language' is told of another corpus only"),
    ],
)
def test_what_cannot_be_loaded(checkout: Path, asked: dict[str, Any], told: str) -> None:
    with pytest.raises(CorpusError) as raised:
        corpus.load(**{"what": "polnear", "path": checkout} | asked)
    assert told in str(raised.value)


@pytest.mark.parametrize(
    ("name", "place", "articles"), [("polnear", "polnear", 14), ("gum", "gum-news", 5), ("german-wikinews", "german-wikinews", 17)]
)
def test_samples_of_the_real_ones(peers: Path, name: str, place: str, articles: int) -> None:
    opened = corpus.load(name, path=peers / place)
    assert sum(rows(opened).values()) == articles
    assert all(row["text"] for split in opened.values() for row in split)
