"""Conversions as a whole: formats bring back what they say they can hold, and a conversion is whole or not at all."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus import checks, codec, formats, store
from corpus.formats import corpus_tree
from corpus.formats.converted import Article, Converted, Extra, Given
from corpus.formats.converting import convert
from corpus.model import AnnotationSet, Holdings, Stretch
from corpus.problems import CorpusError
from tests.conftest import ROOT, TOY
from tests.strategies import ANNOTATORS, Case, cases

WHOLE = frozenset(formats.ALL - {"registry"})
BOTH_WAYS = [one.name for one in formats.FORMATS.values() if one.reads and one.writes and one.holds >= WHOLE]
LOSSY = [one.name for one in formats.FORMATS.values() if one.reads and one.writes and not one.holds >= WHOLE]
XML = ("cas-xmi",)
Corpus = Callable[..., tuple[int, str, str]]


@contextmanager
def place(name: str) -> Iterator[Path]:
    """Where a format is written, and read again: a folder that is there, or a file that is not yet."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "out"
        if formats.format_of(name).out == "folder":
            path.mkdir()
        yield path


def there_and_back(name: str, converted: Converted) -> tuple[Converted, list[Article]]:
    with place(name) as path:
        formats.writer(name)(converted, path)
        read = formats.reader(name)(path, Given())
        return read, list(read.articles)


def of_case(case: Case, *, extra: bool = True) -> Article:
    words = {"m-x": "yes"} if extra else {}
    told = {layer: {"document": words} for layer in {case.layer.annotator} if words}
    if extra and case.layer.mentions:
        told[case.layer.annotator][case.layer.mentions[0].id] = {"isNested": True, "level": 2, "frame": (Stretch(start=0, end=1),)}
    others = [one for one in case.holdings.of(case.document.id) if one.annotator != case.layer.annotator]
    layers = tuple(sorted([case.layer, *others], key=lambda one: one.annotator))
    return Article(document=case.document, layers=layers, extra=told)


def converted_of(articles: list[Article], holdings: Holdings) -> Converted:
    return Converted(
        sources=tuple(holdings.sources.values()), annotators=tuple(ANNOTATORS.values()), total=len(articles), articles=iter(articles)
    )


@pytest.mark.parametrize("name", BOTH_WAYS)
@settings(max_examples=25)
@given(case=cases())
def test_what_is_written_comes_back(name: str, case: Case) -> None:
    article = of_case(case)
    words = [case.document.text or "", *(one.canonical_source or "" for one in case.layer.mentions)]
    if name in XML and any(sign < " " and sign not in "\n\t" for held in words for sign in held):
        with pytest.raises(CorpusError, match="cannot be written"):  # XML has no control characters
            there_and_back(name, converted_of([article], case.holdings))
        return
    read, (back,) = there_and_back(name, converted_of([article], case.holdings))
    assert back.document == article.document
    assert back.document.text == article.document.text
    assert (back.layers, back.extra) == (article.layers, article.extra)
    assert {one.id: one for one in read.sources} == case.holdings.sources
    assert {one.id for one in read.annotators} >= {one.annotator for one in back.layers}


@st.composite
def twins(draw: st.DrawFn) -> Case:
    """A case whose every attributed hub is marked a second time on the same words, attributed otherwise."""
    case = draw(cases().filter(lambda one: bool(one.layer.attributions)))
    known = case.layer.by_id()
    mentions, attributions = list(case.layer.mentions), list(case.layer.attributions)
    for at, one in enumerate(case.layer.attributions):
        certainty = draw(st.sampled_from([value for value in ("certain", "hedged", "unspecified") if value != one.certainty]))
        mentions.append(replace(known[one.hub], id=f"twin{at}"))
        attributions.append(replace(one, id=f"a-twin{at}", hub=f"twin{at}", certainty=certainty))
    layer = codec.in_order(replace(case.layer, mentions=tuple(mentions), attributions=tuple(attributions)))
    layers = {**case.holdings.layers, f"annotations/{layer.document}/{layer.annotator}.json": layer}
    return replace(case, layer=layer, holdings=replace(case.holdings, layers=layers))


@pytest.mark.parametrize("name", BOTH_WAYS)
@settings(max_examples=10)
@given(case=twins())
def test_statements_on_the_same_words_come_back_as_two(name: str, case: Case) -> None:
    article = of_case(case)
    assert not checks.of_layer("x", case.layer, case.holdings)
    words = [case.document.text or "", *(one.canonical_source or "" for one in case.layer.mentions)]
    if name in XML and any(sign < " " and sign not in "\n\t" for held in words for sign in held):
        return
    _, (back,) = there_and_back(name, converted_of([article], case.holdings))
    assert back.layers == article.layers


@pytest.mark.parametrize("name", [*BOTH_WAYS, *LOSSY])
@settings(max_examples=10)
@given(case=cases())
def test_what_does_not_come_back_is_named_in_the_account(name: str, case: Case) -> None:
    words = [case.document.text or "", *(one.canonical_source or "" for one in case.layer.mentions)]
    if name in XML and any(sign < " " and sign not in "\n\t" for held in words for sign in held):
        return
    with TemporaryDirectory() as folder:
        corpus_tree.write(converted_of([of_case(case)], case.holdings), Path(folder) / "in")
        ours, theirs = (Path(folder) / one for one in ("in", "out"))
        done = convert("corpus", ours, name, theirs, Given(), progress=lambda now, total: None)
        assert not done.problems
        back = [layer for one in formats.reader(name)(theirs, Given(source="toy", licence="CC-BY-4.0")).articles for layer in one.layers]
    before, after = (_told(layers) for layers in (of_case(case).layers, back))
    named = " ".join([*done.left, *(one.what for one in done.notes)])
    for what, said in (
        ("mentions", "pieces|mention|statement|span|label|stretch"), ("attributions", "attribution|statement"),
        ("links", "link"), ("attributes", "attribute"), ("pieces", "pieces|statement|span"),
    ):  # fmt: skip
        assert after[what] >= before[what] or re.search(said, named), (what, before[what], after[what], named)


def _told(layers: Iterable[AnnotationSet]) -> Counter[str]:
    found: Counter[str] = Counter()
    for layer in layers:
        found["mentions"] += len(layer.mentions)
        found["attributions"] += len(layer.attributions)
        found["links"] += len(layer.links)
        found["pieces"] += sum(len(one.spans) > 1 for one in layer.mentions)
        found["attributes"] += sum(
            value is not None
            for one in layer.mentions
            for value in (one.responsibility, one.denial_scope, one.source_kind, one.canonical_source)
        )
    return found


def files_of(name: str, converted: Converted) -> dict[str, bytes]:
    with place(name) as path:
        formats.writer(name)(converted, path)
        return {one.relative_to(path).as_posix(): one.read_bytes() for one in path.rglob("*") if one.is_file()}


@pytest.mark.parametrize("name", LOSSY)
@settings(max_examples=25)
@given(case=cases())
def test_what_a_lossy_format_holds_comes_back(name: str, case: Case) -> None:
    """Its own files come back byte for byte once they have been through it: A, ours, A."""
    article = of_case(case, extra=False)
    told = Given(source="toy", licence="CC-BY-4.0")
    with place(name) as path:
        formats.writer(name)(converted_of([article], case.holdings), path)
        once = formats.reader(name)(path, told)
        first, known = list(once.articles), once.sources
    assert [one.document.text for one in first] == [article.document.text]
    holdings = replace(case.holdings, sources={one.id: one for one in known})
    first_files = files_of(name, converted_of(first, holdings))
    _, second = there_and_back(name, converted_of(first, holdings))
    assert files_of(name, converted_of(second, holdings)) == first_files
    assert all(not checks.of_layer("x", layer, _knowing(one, holdings)) for one in first for layer in one.layers)


def _knowing(article: Article, holdings: Holdings) -> Holdings:
    whos = {one.annotator: replace(ANNOTATORS["a3f1"], id=one.annotator) for one in article.layers}
    return replace(holdings, documents={article.document.id: article.document}, annotators=whos, layers={})


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_the_toy_corpus_goes_through(name: str, tmp_path: Path, toy_holdings: Holdings) -> None:
    out = tmp_path / "out"
    convert("corpus", TOY, name, out, Given(), progress=lambda now, total: None)
    done = convert(name, out, "corpus", tmp_path / "back", Given(), progress=lambda now, total: None)
    assert not done.problems
    back = store.read(tmp_path / "back")
    assert not back.problems
    assert (back.holdings.documents, back.holdings.layers) == (toy_holdings.documents, toy_holdings.layers)
    assert back.holdings.sources == toy_holdings.sources
    assert back.holdings.registry == (toy_holdings.registry if "registry" in formats.format_of(name).holds else {})


def _files(folder: Path) -> dict[str, bytes]:
    """All files; annotators in the order of their ids, for formats that name them article by article."""
    found = {one.relative_to(folder).as_posix(): one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    whos = sorted(store.read(folder, ()).holdings.annotators.items())
    return found | {store.ANNOTATORS: repr(whos).encode()}


@pytest.mark.long
@pytest.mark.parametrize("name", BOTH_WAYS)
@pytest.mark.parametrize(("peer", "folder"), [("polnear", "polnear"), ("german-wikinews", "german-wikinews"), ("gum", "gum-news")])
def test_real_files_go_through_every_format(name: str, peer: str, folder: str, peers: Path, tmp_path: Path) -> None:
    def run(source: str, path: Path, target: str, out: str) -> Path:
        done = convert(source, path, target, tmp_path / out, Given(), progress=lambda now, total: None)
        assert not done.problems
        return tmp_path / out

    before, after = run(peer, peers / folder, "corpus", "before"), run(name, run(peer, peers / folder, name, "between"), "corpus", "after")
    assert _files(before) == _files(after)


def test_the_account_names_what_came_through_and_what_is_lost(corpus: Corpus, tmp_path: Path) -> None:
    code, out, _ = corpus("convert", "--from", "corpus", str(TOY), "--to", "brat", str(tmp_path / "out"))
    assert code == 0
    assert {"documents", "readings", "attributions", "links: denies"} <= {
        line.split("│")[1].strip() for line in out.splitlines() if "│" in line
    }
    assert f"written: {tmp_path / 'out'}".replace("\n", "") in out.replace("\n", "")


def test_a_place_that_is_taken_is_kept_unless_forced(corpus: Corpus, tmp_path: Path) -> None:
    there = tmp_path / "out" / "mine.txt"
    there.parent.mkdir()
    there.write_text("mine", encoding="utf-8")
    argv = ["convert", "--from", "corpus", str(TOY), "--to", "brat", str(there.parent)]
    code, _, err = corpus(*argv)
    assert (code, there.read_text(encoding="utf-8")) == (2, "mine")
    assert "--force" in err
    assert corpus(*argv, "--force")[0] == 0
    assert not there.exists()


def test_stopped_in_the_middle_leaves_what_stood_before(tmp_path: Path) -> None:
    def stop(now: int, total: int) -> None:
        if now == 2:
            raise KeyboardInterrupt

    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        convert("corpus", TOY, "brat", tmp_path / "out", Given(), force=True, progress=stop)
    assert [one.name for one in tmp_path.rglob("*")] == ["out", "mine.txt"]


def test_a_checkout_is_not_replaced_even_with_force(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "out" / ".git").mkdir(parents=True)
    code, _, err = corpus("convert", "--from", "corpus", str(TOY), "--to", "brat", str(tmp_path / "out"), "--force")
    assert (code, "is a checkout" in err) == (2, True)


def test_only_the_documents_asked_for(tmp_path: Path, toy: Path) -> None:
    done = convert("corpus", toy, "corpus", tmp_path / "out", Given(only="toy_0001"), progress=lambda now, total: None)
    assert (done.problems, done.counts["documents"]) == ((), 1)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--from", "corpus", "."], "say what to read and what to write"),
        (["--from", "carpus", ".", "--to", "brat", "x"], "there is no format 'carpus'"),
        (["--from", "corpus", "nowhere", "--to", "brat", "x"], "nowhere is not there"),
        (["--from", "corpus", ".", "--to", "gum", "x"], "gum is read only"),
        (["--from", "corpus", str(TOY), "--to", "brat", str(TOY / "annotations")], "lie within each other"),
    ],
)
def test_wrong_use_is_told_in_a_sentence(corpus: Corpus, argv: list[str], said: str) -> None:
    code, _, err = corpus("convert", *argv)
    assert (code, said in err.replace("\n", " ")) == (2, True)
    assert err.count("\n") == 1


def test_the_page_of_formats_is_true() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    rows = {cells[1].strip().strip("`"): cells for line in page.split("## ")[0].splitlines() if len(cells := line.split("|")) > 5}
    assert [*rows][2:] == [*formats.FORMATS]
    for one in formats.FORMATS.values():
        assert [rows[one.name][2].strip() == "yes", rows[one.name][3].strip() == "yes"] == [one.reads, one.writes]
        assert (f"[{one.extra}]" in rows[one.name][4]) == (one.extra is not None)


def test_the_table_of_formats(corpus: Corpus) -> None:
    code, out, _ = corpus("convert", "--list")
    assert code == 0
    assert all(name[:6] in out for name in formats.FORMATS)
    for one in formats.FORMATS.values():
        for asked, can in ((formats.reader, one.reads), (formats.writer, one.writes)):
            with nullcontext() if can else pytest.raises(CorpusError):
                assert callable(asked(one.name))


@pytest.mark.parametrize(
    ("told", "check"),
    [
        ({"nobody": {"nested": True}}, "matches-schema"),
        ({"document": {"1st": "x"}}, "matches-schema"),
        ({"document": {"frame": (Stretch(start=0, end=9_999),)}}, "offsets-are-in-text"),
    ],
)
def test_what_is_beside_is_proven_too(told: Extra, check: str, toy: Path, tmp_path: Path) -> None:
    read = formats.reader("corpus")(toy, Given())
    first = next(one for one in read.articles if one.layers)
    wrong = replace(first, extra={first.layers[0].annotator: told})
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(formats, "reader", lambda name: lambda path, given: replace(read, articles=iter([wrong]), registry=()))
        done = convert("corpus", toy, "corpus", tmp_path / "out", Given(), progress=lambda now, total: None)
    assert {one.check for one in done.problems} == {check}


@given(st.data())
@settings(max_examples=10)
def test_one_fault_stops_the_writing(data: st.DataObject) -> None:
    case = data.draw(cases().filter(lambda one: bool(one.layer.mentions)))
    first, *rest = case.layer.mentions
    wrong = replace(case.layer, mentions=(replace(first, spans=(replace(first.spans[0], check="0" * 12), *first.spans[1:])), *rest))
    article = replace(of_case(case, extra=False), layers=(wrong,))
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(formats, "reader", lambda name: lambda path, given: converted_of([article], case.holdings))
        done = convert("corpus", TOY, "brat", Path(folder) / "out", Given(), progress=lambda now, total: None)
        assert {one.check for one in done.problems} == {"quote-matches-text"}
        assert not [*Path(folder).iterdir()]
