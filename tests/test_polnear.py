"""PolNeAR's files become documents and layers; and our figures stand where those of its six annotators are known to stand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.agreement import summary
from corpus.formats import placing, polnear, reader
from corpus.formats.converted import Given
from corpus.model import AnnotationSet, Document, Holdings, Source
from corpus.problems import CorpusError

TEXT = 'The dam, Orla Penk said,\nis safe. "It held," she added, "for years." Nobody was hurt.'
WORDS = {
    "T1": ("Source", ["Orla Penk"]),
    "T2": ("Cue", ["said"]),
    "T3": ("Content", ["The dam", "is safe"]),
    "T5": ("Source", ["Orla Penk"]),
    "T6": ("Cue", ["added"]),
    "T7": ("Content", ['"for years."']),
    "T8": ("Content", ['"It held,"']),
    "T9": ("Discuss", ["Nobody was hurt"]),
    "T10": ("Cue", ["was"]),
    "T11": ("Content", ["said,\nis safe"]),
}
EVENTS = [
    "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1",
    "E2\tAttribution-no-source:T4 Cue:T6 Content:T7 Content2:T8",
    "E3\tAttribution:T4 Cue:T2 Source:T5 Content:T3",
    "E4\tAttribution:T4 Cue:T10 Source:T5",
]


def record(id: str) -> str:
    kind, pieces = WORDS[id]
    places = ";".join(f"{TEXT.index(piece)} {TEXT.index(piece) + len(piece)}" for piece in pieces)
    return f"{id}\t{kind} {places}\t{' '.join(pieces)}"


def written(*records: str) -> bytes:
    return ("\n".join([*map(record, WORDS), "T4\tAttribution 19 23\tsaid", *records]) + "\n").encode()


@pytest.fixture(scope="module")
def article() -> Document:
    return polnear.document(TEXT.encode() + b"\n", "Courier_2016-09-08_the-dam-")


def test_an_article(article: Document) -> None:
    assert (article.id, article.outlet, article.date, article.length) == ("courier_2016-09-08_the-dam", "Courier", "2016-09-08", len(TEXT))


def test_a_layer_with_every_trap(article: Document) -> None:
    read = polnear.layer(written(*EVENTS), article, "5fec")
    marks = {one.id: (one.label, [TEXT[span.start : span.end] for span in one.spans]) for one in read.layer.mentions}
    assert len(read.layer.attributions) == len(EVENTS)  # the same statement marked twice alike stays two
    said = {" ".join(marks[one.hub][1]): [marks[id][1] for id in (*one.sources, *one.cues)] for one in read.layer.attributions}
    assert said == {"The dam is safe": [["Orla Penk"], ["said"]], '"It held," "for years."': [["added"]], "said": [["Orla Penk"], ["was"]]}
    assert {span.quote for one in read.layer.mentions for span in one.spans} == {None}
    assert [(one.kind, one.what, one.number) for one in read.notes] == [
        ("changed", "attribution without content: its cue marked as the content", 1),
        ("changed", "statement marked twice alike: kept, its certainty written as unspecified", 1),
        ("left_out", "Content in no attribution", 1),
        ("left_out", "Discuss in no attribution", 1),
    ]


def test_an_empty_file_is_a_reading_without_marks(article: Document) -> None:
    assert polnear.layer(b"", article, "5fec").layer.mentions == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"T1\tSource 0 999\tThe dam\n", "T1 of .* lies outside the text"),
        (b"T1\tSource 0 7\tThe dyke\n", "T1 of .* does not say what stands at its offsets"),
        (b"T1\tSource 0 seven\tThe dam\n", "cannot be read"),
        (b"E1\tAttribution:T4 Content:T3\n", "E1 of .* names T4, which is not there"),
        (b"T4\tAttribution 0 3\tThe\nE1\tAttribution:T5 \n", "names T5, which is not there"),
        (b"\xff", "not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_refused(article: Document, data: bytes, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        polnear.layer(data, article, "5fec")


@pytest.mark.parametrize(
    ("record", "told", "attributions"),
    [
        ("E1\tAttribution:T1 Speaker:T1 Content:T1", "Speaker of an attribution that is neither source, cue nor content", 1),
        ("E1\tDiscuss:T1", "event that is no attribution: Discuss", 0),
    ],
)
def test_what_is_none_of_theirs_is_left_out_and_told(article: Document, record: str, told: str, attributions: int) -> None:
    read = polnear.layer(f"T1\tCue 0 3\tThe\n{record}\n".encode(), article, "5fec")
    assert told in [one.what for one in read.notes if one.kind == "left_out"]
    assert len(read.layer.attributions) == attributions


def test_what_a_mark_is_its_attribution_says(article: Document) -> None:
    read = polnear.layer(b"T1\tCue 0 3\tThe\nT2\tAttribution 19 23\tsaid\nE1\tAttribution:T2 Content:T1\n", article, "5fec")
    assert [one.label for one in read.layer.mentions] == ["content"]
    assert [one.what for one in read.notes if one.what.startswith("Cue")] == ["Cue that an attribution has as its Content: marked so"]


@pytest.mark.parametrize(("words", "at"), [(" \nOrla Penk said it held.", 2), ("Cafe\u0301.\r\nOrla Penk said it held.", 8)])
def test_offsets_move_with_the_normal_form(words: str, at: int) -> None:
    places = {"Source": (at, at + 9), "Cue": (at + 10, at + 14), "Content": (at + 15, at + 22)}
    marks = [f"T{n}\t{kind} {start} {end}\t{words[start:end]}" for n, (kind, (start, end)) in enumerate(places.items(), start=1)]
    data = "\n".join([*marks, f"T4\tAttribution {at + 10} {at + 14}\tsaid", "E1\tAttribution:T4 Source:T1 Cue:T2 Content:T3"]).encode()
    article = polnear.document(words.encode(), "x")
    read = polnear.layer(data, article, "5fec", placing.placed(words))
    assert [(article.text or "")[span.start : span.end] for one in read.layer.mentions for span in one.spans] == [
        "Orla Penk",
        "said",
        "it held",
    ]


def checkout(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def test_a_checkout_gives_its_core(tmp_path: Path) -> None:
    name = "courier_2016-09-08_the-dam-"
    files = {f"data/{part}/text/{name}{part}.txt": TEXT.encode() for part in ("train", "dev", "annotator-training")}
    files |= {f"data/dev/attributions/{name}dev_{who}.ann": written(*EVENTS) for who in ("6b86", "5fec")}
    files |= {f"data/train/attributions/{name}train_4e07.ann": b""}
    read = reader("polnear")(checkout(tmp_path, files), Given())
    articles = list(read.articles)
    assert ([one.id for one in read.annotators], read.total) == (["4e07", "5fec", "6b86"], 2)
    assert [[layer.annotator for layer in one.layers] for one in articles] == [["4e07"], ["5fec", "6b86"]]
    assert articles[1].extra["5fec"] == {"document": {"part": "dev"}}


def test_annotations_of_no_text_are_told(tmp_path: Path) -> None:
    files = {"text/x.txt": TEXT.encode(), "attributions/y_5fec.ann": b"", "attributions/notes.ann": b""}
    told = reader("polnear")(checkout(tmp_path, files), Given()).problems
    assert [(one.where, one.check) for one in told] == [("notes.ann", "article-is-readable"), ("y_5fec.ann", "article-is-readable")]


def read_all(folder: Path) -> Iterator[tuple[Document, list[polnear.Read]]]:
    for path in sorted((folder / "text").glob("*.txt")):
        article = polnear.document(path.read_bytes(), path.stem)
        files = sorted((folder / "attributions").glob(f"{path.stem}_????.ann"))
        yield article, [polnear.layer(one.read_bytes(), article, one.stem[-4:]) for one in files]


def test_all_real_files_are_read(peers: Path) -> None:
    found = list(read_all(peers / "polnear"))
    assert len(found) == 14
    assert sum(len(one.layer.attributions) for _, read in found for one in read) > 350
    assert {note.what for _, read in found for one in read for note in one.notes} == {
        "Discard in no attribution", "Discuss in no attribution", "touching pieces of a span joined",
    }  # fmt: skip


def test_six_annotators_agree_as_published(peers: Path) -> None:
    """Their README gives a token alpha of .754; measured on all files it is .774 for the twenty articles that several annotators read, and
    .808 for the four of their training. Two articles of the training and one of the twenty are here.
    """
    folder = peers / "polnear"
    read = [*read_all(folder / "annotator-training"), *((one, layers) for one, layers in read_all(folder) if len(layers) > 1)]
    assert [len(layers) for _, layers in read] == [6, 6, 6]
    source = Source(id="polnear", title="", description="", licence="", text="withheld", hydrate=None)
    layers: dict[str, AnnotationSet] = {f"{one.id}/{two.layer.annotator}": two.layer for one, held in read for two in held}
    found = summary(Holdings(sources={"polnear": source}, documents={one.id: one for one, _ in read}, annotators={}, layers=layers)).whole
    alpha = found.figure("token_alpha", "role")
    assert alpha.value == pytest.approx(0.808, abs=0.03)
    assert (alpha.low or 1) < 0.808 < (alpha.high or 0)
    # the twenty: source .791, cue .667, content .825; F1 of pairs, exact and by overlap, .777/.841, .705/.815, .659/.877
    for measure, role, known in [
        ("token_alpha", "source", 0.791), ("token_alpha", "cue", 0.667), ("token_alpha", "content", 0.825),
        ("mention_f1_exact", "source", 0.777), ("mention_f1_exact", "cue", 0.705), ("mention_f1_exact", "content", 0.659),
        ("mention_f1_overlap", "source", 0.841), ("mention_f1_overlap", "cue", 0.815), ("mention_f1_overlap", "content", 0.877),
        ("attribution_f1_overlap", "all roles", 0.787),
    ]:  # fmt: skip
        assert found.figure(measure, role).value == pytest.approx(known, abs=0.05), (measure, role)
