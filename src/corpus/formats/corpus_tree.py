"""Our own folders as a format: raw/, annotations/, and extra/<document>/<annotator>.json for what other corpora tell beyond it.

The annotation schema is closed and stays so: what it has no field for lies beside it, in a file of a schema of its own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpus import codec, schema, store
from corpus.formats.converted import Article, Articles, Converted, Extra, Given, Note, of_taken
from corpus.formats.facts import extra_from_json, extra_to_json
from corpus.model import AnnotationSet
from corpus.problems import CorpusError, Problem, show

EXTRA = "extra"


def extra_path(document: str, annotator: str) -> str:
    """Where what else is told of a reading is stored.

    >>> extra_path("toy_0001", "a3f1")
    'extra/toy_0001/a3f1.json'
    """
    return f"{EXTRA}/{document}/{annotator}.json"


def read(path: Path, given: Given) -> Converted:
    """A corpus whole; its articles are read one by one, and those without their texts are left out and told."""
    root = store.find_root(path)
    common = _sound(store.read(root, ()))
    units = [one for one in store.units(root) if one.records and given.takes(one.name)]
    there = [one for one in units if all((root / where).with_suffix(".txt").is_file() for where in one.records)]
    return Converted(
        sources=tuple(one for _, one in sorted(common.sources.items())),
        annotators=tuple(reversed(common.annotators.values())),
        registry=of_taken((one for _, one in sorted(common.registry.items())), given),
        total=len(there),
        articles=Articles(_article, ((one.name, (root, one)) for one in there)),
        notes=_without_text(len(units) - len(there)),
    )


def write(converted: Converted, folder: Path) -> list[Note]:
    """Records, texts, layers, annotators, claims and extra, each in canonical form."""
    for place in ("raw", "annotations"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    for source in converted.sources:
        _put(folder / store.source_path(source), codec.source_to_json(source))
    if kept_back := [f"/raw/{one.id}/*.txt" for one in converted.sources if one.text == "withheld"]:
        (folder / ".gitignore").write_text("\n".join(["# texts that may not be passed on", *kept_back, ""]), encoding="utf-8")
    _put(folder / store.ANNOTATORS, codec.annotators_to_json(converted.annotators))
    for claim in converted.registry:
        _put(folder / store.claim_path(claim), codec.claim_to_json(claim))
    for article in converted.articles:
        _put_article(folder, article)
    return []


def _put_article(folder: Path, article: Article) -> None:
    document = article.document
    _put(folder / store.record_path(document), codec.document_to_json(document))
    (folder / store.text_path(document)).write_bytes((document.text or "").encode("utf-8"))
    for layer in article.layers:
        _put(folder / store.layer_path(document.id, layer.annotator), codec.annotations_to_json(layer))
        if extra := extra_to_json(article.extra.get(layer.annotator, {})):
            head = {"schema": "cda-extra/1", "document": document.id, "annotator": layer.annotator}
            _put(folder / extra_path(document.id, layer.annotator), {**head, "of": extra})


def _put(path: Path, value: codec.Json) -> None:
    """Without the syncing of `store.write`: the folder appears whole once all is written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(codec.canonical(value))


def _article(root: Path, unit: store.Unit) -> Article:
    held = _sound(store.read(root, (unit,)))
    (document,) = held.documents.values()
    layers = tuple(held.of(document.id))
    return Article(document=document, layers=layers, extra=dict(_extra(root, layers)))


def _extra(root: Path, layers: tuple[AnnotationSet, ...]) -> Iterator[tuple[str, Extra]]:
    for layer in layers:
        where = extra_path(layer.document, layer.annotator)
        if (root / where).is_file():
            value, problems = codec.read_json((root / where).read_bytes(), where)
            _refuse(problems or schema.problems("extra", value, where))
            yield layer.annotator, extra_from_json(value["of"])


def _sound(stored: store.Stored) -> Any:
    _refuse(list(stored.problems))
    return stored.holdings


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise CorpusError(f"the corpus is not sound; run corpus check: {show(problems[:1], 'text')}")


def _without_text(number: int) -> tuple[Note, ...]:
    return (Note(kind="left_out", what="document without its text; run corpus hydrate", number=number),) if number else ()
