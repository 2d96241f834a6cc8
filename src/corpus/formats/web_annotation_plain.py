"""Web Annotations of others: any .jsonld or .json files whose targets are texts beside them, by position, by quote or by both.

The tag of an annotation (a textual body that tags or classifies) is its label, named as in a brat project; an annotation that links two
annotations is a relation, a comment is kept in extra.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from corpus import codec, ingest, text
from corpus.formats.assembling import Sheet
from corpus.formats.brat_plain import GUIDELINES, annotator_of, article_of, draw, source_of
from corpus.formats.converted import Article, Articles, Converted, Given, document_id, pseudonym
from corpus.formats.placing import Placing, decoded, placed
from corpus.formats.standoff import Bond, Fact, Mark, Standoff
from corpus.model import Source
from corpus.problems import CorpusError

_TAGS = ("tagging", "classifying", "oa:tagging", "oa:classifying")
_LISTS = ("items", "@graph", "first")


def read(path: Path, given: Given) -> Converted:
    """All annotations of a file or of the files of a folder, by the text they are about."""
    files = [path] if path.is_file() else sorted([*path.rglob("*.jsonld"), *path.rglob("*.json")])
    root = path.parent if path.is_file() else path
    found: dict[Path, dict[str, list[codec.Json]]] = {}
    for file in files:
        for one in _annotations(_value(file)):
            if (about := _text_of(one, file, root)) is not None:
                found.setdefault(about, {}).setdefault(_who(one), []).append(one)
    links = [one for file in files for one in _annotations(_value(file)) if not _targets(one)]
    texts = {one: held for one, held in sorted(found.items()) if given.takes(document_id(one.stem))}
    if not texts:
        raise CorpusError(f"{path} holds no Web Annotation whose target is a text beside it")
    source = source_of(given, "web-annotation")
    whos = sorted({who for held in texts.values() for who in held})
    return Converted(
        sources=(source,),
        annotators=tuple(annotator_of(who, "web-annotation") for who in whos),
        total=len(texts),
        articles=Articles(_article, ((one.name, (one, held, links, source, given)) for one, held in texts.items())),
    )


def _value(file: Path) -> Any:
    value, problems = codec.read_json(file.read_bytes(), file.name, largest=None)
    if problems:
        raise CorpusError(f"{file.name} cannot be read: {problems[0].message}")
    return value


def _annotations(value: Any) -> Iterator[codec.Json]:
    if isinstance(value, list):
        for one in value:
            yield from _annotations(one)
    elif isinstance(value, dict) and "Annotation" in _listed(value.get("type", value.get("@type"))):
        yield value
    elif isinstance(value, dict):
        for name in _LISTS:
            yield from _annotations(value.get(name))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _targets(one: codec.Json) -> list[codec.Json]:
    return [target for target in _listed(one.get("target")) if isinstance(target, dict) and "selector" in target]


def _text_of(one: codec.Json, file: Path, root: Path) -> Path | None:
    for target in _targets(one):
        source = target.get("source")
        name = unquote(urlsplit(str(source.get("id", "") if isinstance(source, dict) else source)).path)
        places = (file.parent / name, root / PurePosixPath(name).name, root / "texts" / PurePosixPath(name).name)
        found = next((place for place in places if place.is_file()), None)
        if found is None:
            raise CorpusError(f"the text {PurePosixPath(name).name!r} that {file.name} is about does not lie beside it")
        return found.resolve()
    return None


def _who(one: codec.Json) -> str:
    creator = one.get("creator")
    named = creator.get("id") or creator.get("name") if isinstance(creator, dict) else creator
    return f"web-annotation {named or 'unnamed'}"


def _article(path: Path, held: dict[str, list[codec.Json]], links: list[codec.Json], source: Source, given: Given) -> Article:
    whole = decoded(path.read_bytes(), path.name)
    words = placed(whole)
    document = ingest.document(words.text, id=document_id(path.stem), source=source.id, language=given.language or "en")
    sheets: dict[str, tuple[Sheet, Any]] = {}
    for who, annotations in held.items():
        sheet = Sheet(document, pseudonym(who), withheld=source.text == "withheld", guidelines=GUIDELINES)
        draw(sheet, _standoff(annotations, links, whole, words))
        sheets[pseudonym(who)] = sheet, sheet.layer()
    return article_of(document, sheets)


def _standoff(annotations: Iterable[codec.Json], links: Iterable[codec.Json], whole: str, words: Placing) -> Standoff:
    found = Standoff()
    names = {str(one.get("id", f"annotation {at}")): f"T{at}" for at, one in enumerate(annotations, start=1)}
    for (iri, name), one in zip(names.items(), annotations, strict=True):
        tags = [body for body in _bodies(one) if body.get("purpose", one.get("motivation")) in _TAGS and body.get("value")]
        places = tuple(sorted(words.place(*place(target["selector"], whole, iri)) for target in _targets(one)))
        kind = str(tags[0]["value"]) if tags else "Annotation"
        found.marks[name] = Mark(id=name, kind=kind, places=places)
        for body in _bodies(one):
            if body not in tags[:1] and body.get("value"):
                found.facts.append(Fact(id=name, kind=str(body.get("purpose", "comment")), of=name, value=str(body["value"])))
    for one in links:
        ends = [names.get(str(end)) for end in (*_listed(one.get("body")), *_listed(one.get("target")))]
        if len(ends) == 2 and ends[0] and ends[1]:
            kind = next((str(one[key]) for key in ("linkType", "label", "motivation") if key in one), "linking")
            found.bonds.append(Bond(id=f"R{len(found.bonds) + 1}", kind=kind, first=ends[0], second=ends[1]))
    return found


def _bodies(one: codec.Json) -> list[codec.Json]:
    told = [{"value": one["bodyText"]}] if one.get("bodyText") else []
    return [*told, *(body for body in _listed(one.get("body")) if isinstance(body, dict))]


def place(selector: Any, words: str, name: str) -> tuple[int, int]:
    """Where selectors point: at a position, which a quote beside it must confirm, or where the quote stands, if that is one place."""
    kinds = {one.get("type"): one for one in _listed(selector) if isinstance(one, dict)}
    position, quote = kinds.get("TextPositionSelector"), kinds.get("TextQuoteSelector")
    if position is not None:
        start, end = int(position["start"]), int(position["end"])
        if quote is not None and text.folded(words[start:end]) != text.folded(str(quote["exact"])):
            raise CorpusError(f"{name} does not quote what stands at {start}-{end}")
        return start, end
    if quote is None:
        raise CorpusError(f"{name} points at its text neither by position nor by quote")
    before, exact = str(quote.get("prefix", "")), str(quote["exact"])
    places = text.stands_at(words, before + exact + str(quote.get("suffix", "")), most=2)
    if len(places) != 1:
        raise CorpusError(f"what {name} quotes stands {'at several places' if places else 'nowhere'} in the text")
    return places[0][0] + len(before), places[0][0] + len(before) + len(exact)
