"""CoNLL-style columns with BIO tags: one token a line, a blank line after a paragraph. What it loses is said with every conversion.

Ours have a column for each label and the text beside, in a folder for each annotator. Tags hold neither who says what, nor attributes,
links, pieces that belong together, or spans of one label within each other; a span that ends within a token takes all of it.
Others' files are read with the token first and the tag last (IOB1 as well); their text is the tokens with blanks between.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from corpus import ingest, text
from corpus.formats import nearest
from corpus.formats.assembling import Places, Sheet
from corpus.formats.brat_plain import GUIDELINES, LABELS, annotator_of, article_of, source_of
from corpus.formats.converted import Article, Converted, Given, Note, document_id, pseudonym
from corpus.formats.facts import grouped
from corpus.formats.placing import decoded, placed
from corpus.model import AnnotationSet, Label, Source
from corpus.problems import CorpusError
from corpus.tables.tokens import bio, outermost

_HEAD = "# columns: token, then a BIO tag for each of"
_ALL = get_args(Label)


def write(converted: Converted, folder: Path) -> list[Note]:
    """`<annotator>/<document>.conll` and `.txt`."""
    notes: list[Note] = []
    for article in converted.articles:
        words = article.document.text or ""
        for layer in article.layers:
            place = folder / layer.annotator
            place.mkdir(exist_ok=True)
            (place / f"{article.document.id}.txt").write_bytes(words.encode("utf-8"))
            (place / f"{article.document.id}.conll").write_bytes(tagged(layer, words).encode("utf-8"))
            notes += _lost(layer, words)
        if not article.layers:
            notes.append(Note(kind="left_out", what="document that nobody has read"))
    return notes


def tagged(layer: AnnotationSet, words: str) -> str:
    """The columns of one reading."""
    tokens = text.tokens(words)
    columns = [bio(outermost(_stretches(layer, label)), tokens) for label in _ALL]
    lines = [f"{_HEAD} {' '.join(_ALL)}", f"# document: {layer.document}"]
    last = 0
    for (start, end), *tags in zip(tokens, *columns, strict=True):
        if "\n" in words[last:start]:
            lines.append("")
        lines.append("\t".join([words[start:end], *tags]))
        last = end
    return "\n".join([*lines, "", ""])


def _stretches(layer: AnnotationSet, label: Label) -> Iterator[tuple[int, int]]:
    return ((span.start, span.end) for one in layer.mentions if one.label == label for span in one.spans)


def _lost(layer: AnnotationSet, words: str) -> Iterator[Note]:
    within = sum(len(one.spans) for one in layer.mentions) - sum(len(outermost(_stretches(layer, label))) for label in _ALL)
    if within:
        yield Note(kind="left_out", what="span within another of its label", number=within)
    edges = {edge for start, end in text.tokens(words) for edge in (start, end)}
    cut = sum(not {span.start, span.end} <= edges for one in layer.mentions for span in one.spans)
    if cut:
        yield Note(kind="changed", what="span that starts or ends within a token: the whole token is tagged", number=cut)


def read(path: Path, given: Given) -> Converted:
    """A folder of .conll files (ours have a .txt beside), or one file; -DOCSTART- lines part its documents."""
    files = [path] if path.is_file() else sorted(one for kind in ("conll", "bio", "iob") for one in path.rglob(f"*.{kind}"))
    if not files:
        raise CorpusError(f"{path} holds no .conll, .bio or .iob file")
    source = source_of(given, "bio")
    by_document = grouped(files, given)
    whos = {one: _who(one, path) for one in files}
    parts = {one: _parts(decoded(one.read_bytes(), one.name)) for one in files if not one.with_suffix(".txt").is_file()}
    return Converted(
        sources=(source,),
        annotators=tuple(annotator_of(who, "bio") for who in sorted(set(whos.values()))),
        total=sum(len(parts.get(held[0], ("",))) for held in by_document.values()),
        articles=(one for held in by_document.values() for one in _articles(held, whos, parts, source, given)),
    )


def _who(file: Path, root: Path) -> str:
    return file.parent.name if root.is_dir() and file.parent != root else "bio"


def _parts(whole: str) -> list[str]:
    """The documents of a file."""
    return [one for one in re.split(r"(?m)^-DOCSTART-.*$", whole) if one.strip()]


def _articles(files: list[Path], whos: dict[Path, str], parts: dict[Path, list[str]], source: Source, given: Given) -> Iterator[Article]:
    """A document whose text lies beside, with the readings of all folders; or the documents of a file of tokens alone."""
    first = files[0]
    if first in parts:
        for at, part in enumerate(parts[first], start=1):
            name = first.stem if len(parts[first]) == 1 else f"{first.stem}_{at}"
            yield _article(document_id(name), _joined(part), [(whos[first], part)], source, given)
        return
    whole = decoded(first.with_suffix(".txt").read_bytes(), first.name)
    yield _article(document_id(first.stem), whole, [(whos[one], decoded(one.read_bytes(), one.name)) for one in files], source, given)


def _article(id: str, whole: str, readings: list[tuple[str, str]], source: Source, given: Given) -> Article:
    words = placed(whole)
    document = ingest.document(words.text, id=id, source=source.id, language=given.language or "en")
    sheets = {}
    for who, columns in readings:
        sheet = Sheet(document, pseudonym(who), withheld=source.text == "withheld", guidelines=GUIDELINES)
        marks, unknown = [], 0
        for kind, places in _marks(columns, whole, id):
            label = LABELS.get(kind.lower())
            unknown += label is None
            marks += [(label, words.places(places))] if label is not None else []
        if unknown:
            sheet.note("tags that are no label of the scheme", unknown)
        nearest.draw(sheet, marks)
        sheets[pseudonym(who)] = sheet, sheet.layer()
    return article_of(document, sheets)


def rows(columns: str) -> Iterator[list[str]]:
    """The cells of each line, none of a blank one; lines that start with # and a blank are remarks."""
    for line in columns.split("\n"):
        if line.startswith("# ") and "\t" not in line:
            continue
        yield line.split("\t") if "\t" in line else line.split()


def _joined(columns: str) -> str:
    """Tokens with blanks between, a line for each block of lines."""
    lines: list[list[str]] = [[]]
    for row in rows(columns):
        if row and row[0]:
            lines[-1].append(row[0])
        elif lines[-1]:
            lines.append([])
    return "\n".join(" ".join(line) for line in lines if line)


def _marks(columns: str, whole: str, name: str) -> Iterator[tuple[str, Places]]:
    """Every tagged stretch: of each column of ours, or of the last."""
    head = re.search(f"(?m)^{re.escape(_HEAD)} (.*)$", columns)
    labels = head[1].split() if head else None
    held = [row for row in rows(columns) if len(row) > 1]
    places = list(_places((row[0] for row in held), whole, name))
    if labels is None:
        yield from stretches([row[-1] for row in held], places)
    for nth, label in enumerate(labels or (), start=1):
        yield from ((label, stretch) for _, stretch in stretches([row[nth] for row in held], places))


def _places(tokens: Iterable[str], whole: str, name: str) -> Iterator[tuple[int, int]]:
    at = 0
    for token in tokens:
        start = whole.find(token, at)
        if start < 0 or whole[at:start].strip():
            raise CorpusError(f"the tokens of {name} are not those of its text; the first that differs is {token[:30]!r}")
        at = start + len(token)
        yield start, at


def stretches(tags: list[str], places: list[tuple[int, int]]) -> Iterator[tuple[str, Places]]:
    """B starts a stretch; so does an I after another kind or after O, as IOB1 has it."""
    kind, start, end = "", 0, 0
    for tag, place in zip(tags, places, strict=True):
        mark, _, named = tag.partition("-")
        begins = mark == "B" or (mark == "I" and named != kind) or (mark == "I" and not end)
        if end and (begins or mark not in "IE"):
            yield kind, ((start, end),)
            end = 0
        if begins or mark == "S":
            kind, start = named, place[0]
        if mark in ("B", "I", "E", "S"):
            end = place[1]
    if end:
        yield kind, ((start, end),)
