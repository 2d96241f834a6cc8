"""A whole conversion: read, prove every article sound, write whole or not at all, and tell what came through. Knows no format."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import checks, codec, formats, schema
from corpus.formats.converted import Article, Converted, Given, Note
from corpus.formats.facts import extra_problems
from corpus.model import AnnotationSet, Holdings
from corpus.problems import CorpusError, Problem

Progress = Callable[[int, int], None]  # articles done, articles in all


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came through: counts by what was read ("document": 14, "attribution": 374), what was changed or left out, and faults."""

    source: str
    target: str
    counts: dict[str, int]
    left: dict[str, int]  # of these counts, what the target cannot hold
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...] = ()
    written: int | None = None  # articles in OUT, or None where nothing is written
    withheld: tuple[str, ...] = ()  # sources whose texts may not be passed on


class _Tally:
    """What passes from a reader to a writer, counted and proven on the way."""

    def __init__(self, read: Converted, target: formats.Format, progress: Progress, *, keep_going: bool) -> None:
        self.counts: Counter[str] = Counter()
        self.left: Counter[str] = Counter()
        self.notes: Counter[tuple[str, str]] = Counter()
        self.problems: list[Problem] = []
        self.written = 0
        self._read, self._target, self._progress, self._keep_going = read, target, progress, keep_going
        self._members = {one.document for claim in read.registry for one in claim.members}
        self._told: dict[str, AnnotationSet] = {}  # the readings that the registry is about
        self.take(read.notes)
        self._count("sources", len(read.sources), "facts")
        self._count("annotators", len(read.annotators), "facts")
        self._count("claims of the registry", len(read.registry), "registry")

    def take(self, notes: tuple[Note, ...] | list[Note]) -> None:
        for one in notes:
            self.notes[one.kind, one.what] += one.number

    def articles(self) -> Iterator[Article]:
        """The articles, each proven sound; a faulty one is told and the rest still read, for one run to tell all faults."""
        done = 0
        for one in self._read.soundly():
            faults = [one] if isinstance(one, Problem) else self._faults(one)
            self.problems += faults
            if isinstance(one, Article) and (not faults or not self._keep_going):
                self._count_article(one)
            done += isinstance(one, Article) or bool(one.where)
            self._progress(min(done, self._read.total), self._read.total)
            if isinstance(one, Article) and not (faults if self._keep_going else self.problems):
                self.written += 1
                yield one  # else nothing of it will be kept, and a writer may count on what it gets

    def registry(self) -> bool:
        """Whether a member of the registry is not there; to be asked after the articles."""
        holdings = Holdings(sources={}, documents={}, annotators={}, layers=self._told)
        found = [one for claim in self._read.registry for one in checks.of_claim(f"annotations/claims/{claim.id}.json", claim, holdings)]
        self.problems += found
        return bool(found)

    def _faults(self, article: Article) -> list[Problem]:
        holdings = Holdings(
            sources={one.id: one for one in self._read.sources},
            documents={article.document.id: article.document},
            annotators={one.id: one for one in self._read.annotators},
            layers={f"annotations/{one.document}/{one.annotator}.json": one for one in article.layers},
        )
        record = f"raw/{article.document.source}/{article.document.id}.json"
        shape = schema.problems("document", codec.document_to_json(article.document), record)
        found = [*(shape or checks.of_document(record, article.document, holdings))]
        for where, layer in holdings.layers.items():
            shape = schema.problems("annotation", codec.annotations_to_json(layer), where)
            found += shape or checks.of_layer(where, layer, holdings)
            told = article.extra.get(layer.annotator, {})
            where = f"extra/{layer.document}/{layer.annotator}.json"
            found += extra_problems(where, told, layer, article.document.length) if told else ()
        return found

    def _count_article(self, article: Article) -> None:
        self.take(article.notes)
        self._count("documents", 1, "documents")
        facts = (article.document.outlet, article.document.date, article.document.url, article.document.story, article.document.phenomena)
        self._count("facts of documents", sum(one is not None for one in facts) + bool(article.document.furniture), "facts")
        for layer in article.layers:
            self._count_layer(layer)
            where = f"annotations/{layer.document}/{layer.annotator}.json"
            self._told |= {where: layer} if layer.document in self._members else {}
            told = article.extra.get(layer.annotator, {})
            self._count("values beyond the scheme", sum(len(values) for values in told.values()), "extra")
        self._count("further readings of one document", max(len(article.layers) - 1, 0), "layers")

    def _count_layer(self, layer: AnnotationSet) -> None:
        self._count("readings", 1, "documents")
        for one in layer.mentions:
            self._count(f"mentions: {one.label}", 1, "documents")
            self._count("claims and denials told from other content", int(one.label in ("claim", "denial")), "labels")
            self._count("mentions in several pieces", int(len(one.spans) > 1), "pieces")
            values = (one.responsibility, one.denial_scope, one.source_kind, one.canonical_source)
            self._count("attributes", sum(value is not None for value in values), "attributes")
        for said in layer.attributions:
            self._count("attributions", 1, "attributions")
            self._count("attributes", sum(value is not None for value in (said.quote_type, said.polarity, said.certainty)), "attributes")
        for link in layer.links:
            self._count(f"links: {link.type}", 1, "links")
        self._count("decisions of gold", len(layer.decisions or ()), "decisions")

    def _count(self, what: str, number: int, feature: formats.Feature) -> None:
        if number:
            self.counts[what] += number
            if feature not in self._target.holds:
                self.left[what] += number


def convert(source: str, path: Path, target: str, out: Path, given: Given, *, force: bool = False, progress: Progress) -> Report:
    """Read IN as one format and write OUT as another; OUT appears whole at the end.

    With problems nothing is written, or where `given` says to keep going, all articles that have none.
    """
    reader, chosen, write = formats.reader(source), formats.format_of(target), formats.writer(target)
    if not path.exists():
        raise CorpusError(f"{path} is not there")
    _room_for(out, path, chosen, force=force)
    read = reader(path, given)
    tally = _Tally(read, chosen, progress, keep_going=given.keep_going)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as temporary:
        made = Path(temporary) / out.name
        if chosen.out == "folder":
            made.mkdir()
        tally.take(write(replace(read, articles=tally.articles()), made))
        astray = tally.registry()
        written = tally.written > 0 and not astray if given.keep_going else not tally.problems
        if written:
            _put_in_place(made, out)
    return Report(
        source=source,
        target=target,
        counts=dict(tally.counts),
        left=dict(tally.left),
        notes=tuple(Note(kind=kind, what=what, number=number) for (kind, what), number in sorted(tally.notes.items())),  # type: ignore[arg-type]
        problems=tuple(tally.problems),
        written=tally.written if written else None,
        withheld=tuple(one.id for one in read.sources if one.text == "withheld"),
    )


def _room_for(out: Path, path: Path, chosen: formats.Format, *, force: bool) -> None:
    target, source = out.resolve(), path.resolve()
    inside = source in target.parents and not (
        _is_corpus(path) and target.relative_to(source).parts[0] not in ("raw", "annotations", "extra")
    )
    if target == source or target in source.parents or inside:
        raise CorpusError(f"{out} and {path} lie within each other; choose another place for what is written")
    if out.exists() and out.is_dir() != (chosen.out == "folder"):
        raise CorpusError(f"{chosen.name} is written as a {chosen.out}, and {out} is none")
    taken = any(out.iterdir()) if out.is_dir() else out.exists()
    if taken and not force:
        raise CorpusError(f"{out} is there already; --force replaces all of it")
    if taken and out.is_dir() and ((out / ".git").exists() or target in (Path.cwd(), *Path.cwd().parents)):
        raise CorpusError(f"{out} is a checkout or the folder you are in, and is not replaced even with --force")


def _is_corpus(path: Path) -> bool:
    return (path / "raw").is_dir() and (path / "annotations").is_dir()


def _put_in_place(made: Path, out: Path) -> None:
    """Two renames; the old folder goes last, so there is never half of either."""
    before = made.parent / "before"
    if out.exists():
        out.rename(before)
    try:
        made.rename(out)
    except BaseException:
        if before.exists():
            before.rename(out)
        raise
    if before.is_dir():
        shutil.rmtree(before)
