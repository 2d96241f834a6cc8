"""Trees of exactly the layout of the whole corpora of others, all words invented: what counts counts, what must not does not.

The layouts are those of networkdynamics/PolNeAR, uhh-lt/german-news-quotation-attribution-2024 and amir-zeldes/gum. One article that cannot
be read stops no conversion of a thousand.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import corpus
from corpus import store
from corpus.cli import main
from corpus.formats import reader
from corpus.formats.converted import Article, Converted, Given
from corpus.formats.converting import Report, convert
from corpus.problems import CorpusError
from tests.test_gum import CONLLU, RS4
from tests.test_polnear import EVENTS, TEXT, written

Tree = Callable[[dict[str, bytes]], Path]
Cli = Callable[..., tuple[int, str, str]]
SIX = ("4b22", "4e07", "5fec", "6b86", "d473", "ef2d")
DAMM = "data/test/120 - Damm e.V. - Was nun (2026-03-03).pretty.json"
BROKEN = b"T1\tSource 0 999\tThe dam\n"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """A checkout under a folder whose name has a blank."""

    def write(files: dict[str, bytes]) -> Path:
        for name, data in files.items():
            path = tmp_path / "a checkout" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return tmp_path / "a checkout"

    return write


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Exit code, standard output, standard error."""

    def command(*argv: str) -> tuple[int, str, str]:
        return main(list(argv)), *capsys.readouterr()

    return command


def run(source: str, path: Path, out: Path, **given: Any) -> Report:
    return convert(source, path, "corpus", out, Given(**given), progress=lambda now, total: None)


def polnear() -> dict[str, bytes]:
    """Every part of theirs: one article that six read, one with an empty file, files that are no articles, parts that do not count."""
    files = dict.fromkeys(
        ("README.md", ".gitignore", "annotation-guidelines/guidelines.pdf", "data/metadata.tsv", "software/polnear/data.py"), b"x"
    )
    for part, whos in (("train", SIX[:1]), ("dev", SIX), ("test", SIX[2:3]), ("annotator-training", SIX)):
        name = f"west-journal_2016-09-08_the-dam-{part}-s-"
        files[f"data/{part}/text/{name}.txt"] = TEXT.encode() + b"\n"
        files |= {f"data/{part}/attributions/{name}_{who}.ann": written(*EVENTS[: 1 + (who > "5")]) for who in whos}
    files["data/train/text/nyt_2016-09-09_no-marks.txt"] = b"Nobody said a word.\n"
    files["data/train/attributions/nyt_2016-09-09_no-marks_ef2d.ann"] = b""
    files["data/train/attributions/.DS_Store"] = b"\0"
    files |= {f"data/{part}/corenlp/nyt_2016-09-09_no-marks.txt.xml": b"<root/>" for part in ("train", "dev", "test")}
    files |= {f"data/parc3-replication/attributions/parc__wsj_0019_{who}.ann": BROKEN for who in SIX[:3]}
    return files


def german() -> dict[str, bytes]:
    """Names with blanks, colons and quotation marks; documents without annotation; roles nobody filled, as object, as list, not there."""
    words = "„Ja“, sagte Ilse Brandt. Er gab das Amt auf."
    nobody = {"spans": [], "text": "", "tokenIds": []}

    def role(*places: tuple[int, int]) -> dict[str, Any]:
        spans = [{"begin": 0, "charBegin": start, "charEnd": end, "end": 1} for start, end in places]
        return {"spans": spans, "text": " ".join(words[start:end] for start, end in places), "tokenIds": [0]}

    one = {"id": 0, "quote": role((0, 4)), "speaker": role((12, 23)), "cue": role((6, 11)), "frame": nobody, "addressee": []}
    one |= {"type": "Direct", "medium": "Speech", "isNested": False, "hasNested": False}
    apart = {"id": 1, "quote": role((28, 31), (41, 44)), "speaker": nobody, "cue": nobody, "type": "Reported", "isNested": True}
    names = {
        "train/12 - Harrow: „Ja“ zum Damm? (2026-03-01)": [one, apart, one | {"id": 2}],
        "dev/1201 - 1,3 Millionen – und mehr (2026-03-02)": [],
        "test/120 - Damm e.V. - Was nun (2026-03-03)": [one | {"type": "IndirectFreeIndirect"}, one | {"type": "Indirect"}],
    }
    files = {"README.md": b"x", ".vscode/launch.json": b"{}", "eval/eval.py": b"x"}
    for name, held in names.items():
        sentences = [{"begin": 0, "charBegin": 0, "charEnd": 24, "end": 1, "id": 0, "text": words[:25], "tokens": [words[:24]]}]
        value = {"annotations": held, "documentName": name.partition("/")[2], "originalText": words, "sentences": sentences}
        files[f"data/{name}.pretty.json"] = json.dumps(value, ensure_ascii=False, indent=4).encode()
    return files


def gum() -> dict[str, bytes]:
    """Trees and tokens in folders of their own, other kinds of files beside them, other genres, words withheld as underscores."""
    hidden = "\n".join(
        "\t".join(["_" * len(cell) if at == 1 and cell not in ("", "_") else cell for at, cell in enumerate(line.split("\t"))])
        if "\t" in line else line
        for line in CONLLU.split("\n")
    )  # fmt: skip
    files = {
        f"{folder}/GUM_news_mill.{ending}": b"x"
        for folder, ending in (("rst/dependencies", "rsd"), ("rst/disrpt", "rels"), ("xml", "xml"), ("coref/gum/conll", "conll"))
    }
    for name, tokens in (("GUM_news_mill", CONLLU), ("GUM_news_weir", CONLLU), ("GUM_bio_penk", CONLLU), ("GUM_reddit_dam", hidden)):
        files[f"rst/rstweb/{name}.rs4"] = RS4.encode()
        files[f"dep/{name}.conllu"] = tokens.replace("GUM_news_mill", name).encode()
        files[f"_build/src/dep/{name}.conllu"] = b"# half done\n"
    return files


def test_a_checkout_of_polnear_gives_its_core(tree: Tree, tmp_path: Path) -> None:
    done = run("polnear", tree(polnear()), tmp_path / "out")
    held = store.read(tmp_path / "out")
    assert (done.problems, held.problems, done.counts["documents"], done.counts["readings"]) == ((), (), 4, 9)
    first = {id: held.holdings.of(id)[0] for id in held.holdings.documents}
    assert sorted(len(one.attributions) for one in first.values()) == [0, 1, 1, 2]
    assert all(span.check for one in first.values() for mark in one.mentions for span in mark.spans)


def test_one_article_of_a_checkout_is_read_alone(tree: Tree, tmp_path: Path) -> None:
    done = run("polnear", tree(polnear()), tmp_path / "out", only="nyt_*")
    assert (done.problems, done.counts["documents"], done.counts["annotators"]) == ((), 1, 1)


def test_a_checkout_of_german_wikinews_gives_every_document(tree: Tree, tmp_path: Path) -> None:
    done = run("german-wikinews", tree(german()), tmp_path / "out")
    assert (done.problems, done.counts["documents"], done.counts["readings"], done.counts["attributions"]) == ((), 3, 3, 5)
    assert sorted(store.read(tmp_path / "out").holdings.documents) == ["wikinews-de_12", "wikinews-de_120", "wikinews-de_1201"]
    assert [one.what for one in done.notes] == ["statement marked twice alike: kept, its certainty written as unspecified"]


def test_a_checkout_of_gum_gives_the_news_that_are_asked_for(tree: Tree, tmp_path: Path) -> None:
    path = tree(gum())
    done = run("gum", path, tmp_path / "out", only="gum_news_*")
    assert (done.problems, done.counts["documents"], done.counts["attributions"]) == ((), 2, 4)
    (path / "dep").rename(path / "words")  # any folders, if not theirs
    shutil.rmtree(path / "_build")
    assert run("gum", path, tmp_path / "other", only="GUM_news_*").counts == done.counts
    (path / "words").rename(path / "dep")
    whole = run("gum", path, tmp_path / "whole")
    assert (whole.problems, whole.counts["documents"], whole.counts["sources"]) == ((), 3, 2)
    assert [(one.what, one.number) for one in whole.notes if one.kind == "left_out"] == [
        ("document whose words are withheld as underscores", 1)
    ]


@pytest.mark.parametrize(
    ("name", "files", "path", "data"),
    [
        ("polnear", polnear, "data/dev/attributions/west-journal_2016-09-08_the-dam-dev-s-_5fec.ann", BROKEN),
        ("polnear", polnear, "data/train/text/nyt_2016-09-09_no-marks.txt", b"\xff"),
        ("polnear", polnear, "data/train/text/nyt_2016-09-09_no-marks.txt", b""),
        ("german-wikinews", german, DAMM, b'{"originalText": "x", "annotations": [{"quote": {}}, 1]}'),
        ("german-wikinews", german, DAMM, b"[1, 2"),
        ("gum", gum, "rst/rstweb/GUM_bio_penk.rs4", RS4.replace("Orla", "Olga").encode()),
        ("gum", gum, "rst/rstweb/GUM_bio_penk.rs4", b"<rst>"),
        ("gum", gum, "dep/GUM_bio_penk.conllu", b"x\ty\t_\t_\t_\t_\t_\t_\t_\t_\n"),
        ("gum", gum, "dep/GUM_bio_penk.conllu", b"\xff"),
    ],
)  # fmt: skip
def test_one_article_that_cannot_be_read_stops_no_other(
    name: str, files: Callable[[], dict[str, bytes]], path: str, data: bytes, tree: Tree, tmp_path: Path, cli: Cli
) -> None:
    whole = files()
    assert path in whole
    there, out = tree(whole), tmp_path / "out"
    before = run(name, there, tmp_path / "before").counts["documents"]
    (there / path).write_bytes(data)
    strict, keeping = (["convert", "--from", name, str(there), "--to", "corpus", str(out), *more] for more in ([], ["--keep-going"]))
    code, said, _ = cli(*strict)
    assert (code, out.exists(), "--keep-going" in said.replace("\n", "")) == (1, False, True)
    assert said.count("[article-is-readable]") == 1
    assert cli(*keeping)[0] == 1
    held = store.read(out)
    assert (held.problems, len(held.holdings.documents)) == ((), before - 1)


def test_what_is_loaded_names_what_it_leaves_out(tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import datasets

    datasets.disable_progress_bars()
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", str(tmp_path / "cache"))
    path = tree(polnear() | {"data/test/attributions/west-journal_2016-09-08_the-dam-test-s-_5fec.ann": BROKEN})
    with pytest.raises(CorpusError, match=r"the-dam-test-s-\.txt .*outside the text.*keep_going=True"):
        corpus.load("polnear", path=path)
    for _ in range(2):  # from the cache, too
        with pytest.warns(UserWarning, match="the-dam-test"):
            held = corpus.load("polnear", path=path, keep_going=True)
        assert {split: one.num_rows for split, one in held.items()} == {"train": 2, "validation": 1}


def test_all_faults_are_told_in_one_run(tree: Tree) -> None:
    files = polnear()
    found = list(
        reader("polnear")(tree({name: BROKEN if name.endswith(".ann") else data for name, data in files.items()}), Given()).soundly()
    )
    assert len(found) == 4
    assert {getattr(one, "check", None) for one in found} == {"article-is-readable"}


def test_what_a_reader_that_ended_could_not_read_is_told_too() -> None:
    def articles() -> Iterator[Article]:
        raise CorpusError("no")
        yield

    read = Converted(sources=(), annotators=(), total=3, articles=articles())
    assert [getattr(one, "message", "") for one in read.soundly()] == ["no", "what follows it cannot be read either: 2 articles"]


def test_where_no_article_can_be_read_nothing_is_written(tree: Tree, tmp_path: Path) -> None:
    files = {name: BROKEN if name.endswith(".ann") else data for name, data in polnear().items()}
    done = run("polnear", tree(files), tmp_path / "out", keep_going=True)
    assert (done.written, len(done.problems), (tmp_path / "out").exists()) == (None, 4, False)


def test_one_damaged_layer_of_ours_stops_no_other(toy: Path, tmp_path: Path) -> None:
    (toy / "annotations/toy_0003").mkdir(exist_ok=True)
    (toy / "annotations/toy_0003/a3f1.json").write_bytes(b"{")
    for path in (toy / "annotations/claims").glob("*.json"):
        path.unlink()  # they tell of what is left out
    done = run("corpus", toy, tmp_path / "out", keep_going=True)
    assert ([one.where for one in done.problems], done.written) == (["toy_0003"], 2)


def test_a_registry_that_names_what_is_left_out_is_not_written(toy: Path, tmp_path: Path) -> None:
    named = json.loads(next((toy / "annotations/claims").glob("*.json")).read_text(encoding="utf-8"))["members"][0]["document"]
    next((toy / "annotations" / named).glob("*.json")).write_bytes(b"{")
    done = run("corpus", toy, tmp_path / "out", keep_going=True)
    assert (done.written, (tmp_path / "out").exists()) == (None, False)
    assert {one.check for one in done.problems} >= {"article-is-readable", "member-resolves"}
