"""Readings as UIMA CAS for INCEpTION and other tools of DKPro: what both of its file forms share. The door to dkpro-cassis.

Layers as INCEpTION has them: spans (CdaMention, with a feature for each attribute), relations between spans (CdaRelation, with Governor and
Dependent), and one document layer for what comes back unseen (CdaDocument). The shapes are those of Label Studio's rows: a span in pieces
is a head and fragments that continue it. cassis turns code points into UTF-16 units, which UIMA counts, and back.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

from cassis import Cas, TypeSystem

from corpus import codec, export, tasks
from corpus.formats import cas_plain
from corpus.formats.converted import Article, Articles, Converted, Given, Note, of_taken
from corpus.formats.facts import COMMON, Common, article_from_json, article_to_json, common_from_json, common_to_json, grouped, value_of
from corpus.model import AnnotationSet, Holdings, Label
from corpus.problems import CorpusError, show

MENTION, RELATION, DOCUMENT = (f"webanno.custom.Cda{name}" for name in ("Mention", "Relation", "Document"))
TYPES = "TypeSystem.xml"
_TEXTS = "uima.cas.String"
_FEATURES = {
    "label": "the label of the span",
    "identifier": "its id",
    **dict.fromkeys((*tasks.CHOICES, tasks.WORDS), "as in the guidelines"),
}
_UNREAD = "unread"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileForm:
    """A file form of a CAS: how its files end, and how one is written and read."""

    name: str
    ending: str
    dump: Callable[[Cas], str]
    load: Callable[[Path, TypeSystem], Cas]


def type_system() -> TypeSystem:
    """The layers and their features."""
    types = TypeSystem()
    mention = types.create_type(name=MENTION, supertypeName="uima.tcas.Annotation", description="claim, denial, content, source or cue")
    for name, about in _FEATURES.items():
        types.create_feature(domainType=mention, name=name, rangeType=_TEXTS, description=about)
    relation = types.create_type(name=RELATION, supertypeName="uima.tcas.Annotation", description=", ".join(tasks.RELATIONS))
    for end in ("Governor", "Dependent"):  # from the first to the second, as INCEpTION draws its arrows
        types.create_feature(domainType=relation, name=end, rangeType=mention)
    types.create_feature(domainType=relation, name="label", rangeType=_TEXTS)
    document = types.create_type(name=DOCUMENT, supertypeName="uima.cas.AnnotationBase", description="facts of the reading, as JSON")
    types.create_feature(domainType=document, name="facts", rangeType=_TEXTS)
    return types


def write(converted: Converted, folder: Path, form: FileForm) -> list[Note]:
    """`<annotator>/<document>` for each reading, the type system, and `corpus.json` with what belongs to no document."""
    types = type_system()
    (folder / TYPES).write_text(types.to_xml(), encoding="utf-8")
    (folder / COMMON).write_bytes(codec.canonical(common_to_json(converted)))
    for article in converted.articles:
        for layer in article.layers or (None,):
            place = folder / (layer.annotator if layer else _UNREAD)
            place.mkdir(exist_ok=True)
            (place / f"{article.document.id}.{form.ending}").write_bytes(_dumped(cas_of(article, layer, types), article, form))
    return []


def _dumped(made: Cas, article: Article, form: FileForm) -> bytes:
    try:
        return form.dump(made).encode("utf-8")
    except ValueError as error:
        raise CorpusError(f"{article.document.id} cannot be written as {form.name}: {error}; cas-json holds any text") from None


def cas_of(article: Article, layer: AnnotationSet | None, types: TypeSystem) -> Cas:
    """One reading."""
    words = article.document.text or ""
    made = Cas(typesystem=types)
    made.sofa_string, made.sofa_mime = words, "text/plain"
    made.add(types.get_type(DOCUMENT)(facts=codec.compact(article_to_json(article, layer)).decode()))
    if layer is None:
        return made
    rows = list(tasks.rows(words, layer))
    spans = {row["id"]: _region(row, types) for row in rows if row["type"] == "labels"}
    for row in rows:
        if row["type"] in ("choices", "textarea"):
            setattr(spans[row["id"]], row["from_name"], row["value"]["text" if row["type"] == "textarea" else "choices"][0])
    made.add_all(spans.values())
    made.add_all(_relation(row, spans, types) for row in rows if row["type"] == "relation")
    return made


def _region(row: tasks.Row, types: TypeSystem) -> Any:
    value = row["value"]
    return types.get_type(MENTION)(begin=value["start"], end=value["end"], label=value["labels"][0], identifier=row["id"])


def _relation(row: tasks.Row, spans: dict[str, Any], types: TypeSystem) -> Any:
    first, second = spans[row["from_id"]], spans[row["to_id"]]
    return types.get_type(RELATION)(begin=second.begin, end=second.end, Governor=first, Dependent=second, label=row["labels"][0])


def read(path: Path, given: Given, form: FileForm) -> Converted:
    """Files of ours, known by `corpus.json`, or any others of this form."""
    if not (path / COMMON).is_file():
        return cas_plain.read(path, given, form.ending, form.load)
    common = common_from_json(value_of(path / COMMON))
    files = grouped(sorted(path.glob(f"*/*.{form.ending}")), given)
    return Converted(
        sources=common.sources,
        annotators=common.annotators,
        registry=of_taken(common.registry, given),
        total=len(files),
        articles=Articles(_article, ((id, (held, common, form)) for id, held in files.items())),
    )


def _article(files: list[Path], common: Common, form: FileForm) -> Article:
    types = type_system()
    read = [(one.name, form.load(one, types)) for one in files]
    articles = [(name, made, _facts(made, name)) for name, made in read]
    whole = [(article_from_json(facts, made.sofa_string or ""), facts, name, made) for name, made, facts in articles]
    known: dict[str, AnnotationSet] = {}
    for article, facts, name, made in whole:
        holdings = Holdings(
            sources={one.id: one for one in common.sources},
            documents={article.document.id: article.document},
            annotators={one.id: one for one in common.annotators},
            layers=known,
        )
        if facts["layer"] is not None:
            layer = _layer(made, facts["layer"], name, holdings)
            known[f"annotations/{layer.document}/{layer.annotator}.json"] = layer
    extra = {who: told for article, *_ in whole for who, told in article.extra.items()}
    return Article(document=whole[0][0].document, layers=tuple(known.values()), extra=extra)


def _facts(made: Cas, name: str) -> codec.Json:
    held = [one.facts for one in made.select(DOCUMENT)]
    value, problems = codec.read_json(held[0].encode(), name, largest=None) if held else (None, [])
    if problems or not isinstance(value, dict):
        raise CorpusError(f"{name} lacks the facts of its document, which were written with it")
    facts: codec.Json = value
    return facts


def _layer(made: Cas, head: codec.Json, name: str, holdings: Holdings) -> AnnotationSet:
    """Read as an exported task is, for the rows are the same; what a task says of origin and decisions is taken from the facts."""
    told: dict[str, Any] = {key: head[key] for key in ("made_from", "decisions") if key in head}
    named: dict[str, Any] = {key: head[key] for key in ("document", "annotator", "text_sha256", "guidelines")}
    data: dict[str, Any] = {**named, "layer_origin": head["origin"], **told}
    read = export.from_export({"data": data, "annotations": [{"was_cancelled": False, "result": [*_rows(made)]}]}, name, holdings)
    if read.layer is None:
        raise CorpusError(f"{name} cannot be read: {show(read.problems[:1], 'text')}")
    return read.layer


def _rows(made: Cas) -> Iterator[tasks.Row]:
    ids: dict[int, str] = {}
    labels = (*get_args(Label), tasks.FRAGMENT)
    for at, one in enumerate(made.select(MENTION), start=1):
        ids[id(one)] = one.identifier or f"new-{at}"  # drawn in INCEpTION
        if one.label not in labels:
            raise CorpusError(f"a span at {one.begin}-{one.end} has the label {one.label!r}; there are {', '.join(labels)}")
        value = {"start": one.begin, "end": one.end, "labels": [one.label]}
        yield {"id": ids[id(one)], "from_name": "label", "to_name": "text", "type": "labels", "value": value, "origin": "manual"}
        yield from _attributes(one, ids[id(one)])
    for one in made.select(RELATION):
        yield tasks.relation(ids[id(one.Governor)], ids[id(one.Dependent)], one.label)


def _attributes(one: Any, id: str) -> Iterator[tasks.Row]:
    place = {"start": one.begin, "end": one.end}
    for name in (*tasks.CHOICES, tasks.WORDS):
        value = getattr(one, name)
        if value:
            kind, inner = ("textarea", "text") if name == tasks.WORDS else ("choices", "choices")
            held: dict[str, Any] = {**place, inner: [value]}
            yield {"id": id, "from_name": name, "to_name": "text", "type": kind, "value": held, "origin": "manual"}
