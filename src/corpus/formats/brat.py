"""brat standoff projects, read and written: text-bound marks in pieces, attributions as events, links as relations, attributes, notes.

Ours are a folder for each annotator, with the texts again in each, for brat has one reading of a text. What brat has no place for lies
beside: `corpus.json` (sources, annotators, registry) and `<document>.json` (the record, whose reading it is, our ids by brat's).
brat reads a file line by line, so a span over a line end is written in pieces; where it ran is told in that file.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from corpus import codec, tasks
from corpus.formats import brat_plain
from corpus.formats.assembling import Places
from corpus.formats.converted import Article, Articles, Converted, Given, Note, of_taken
from corpus.formats.facts import COMMON, article_from_json, article_to_json, common_from_json, common_to_json, grouped, layer_of, value_of
from corpus.formats.placing import decoded, placed
from corpus.formats.standoff import Fact, Mark, Standoff, of_kind, parsed
from corpus.model import ENDS, HUBS, AnnotationSet, Attribution, Label, LinkType, Mention

_TRIGGER = "Attribution"
_LABELS: Mapping[str, Label] = {label.capitalize(): label for label in get_args(Label)}
_ATTRIBUTES = {name: "".join(part.capitalize() for part in name.split("_")) for name in (*tasks.CHOICES, tasks.WORDS)}
_NAMES = {written: name for name, written in _ATTRIBUTES.items()}
_NOTED = _ATTRIBUTES[tasks.WORDS]  # free words are a note, for values of attributes are from a list
_CONF = "annotation.conf"
_UNREAD = "unread"


def read(path: Path, given: Given) -> Converted:
    """A project of ours, known by its `corpus.json`, or any other folder of .txt and .ann files."""
    if not (path / COMMON).is_file():
        return brat_plain.read(path, given)
    common = common_from_json(value_of(path / COMMON))
    files = grouped((one.with_suffix(".json") for one in sorted(path.glob("*/*.txt"))), given)
    return Converted(
        sources=common.sources, annotators=common.annotators, registry=of_taken(common.registry, given), total=len(files),
        articles=Articles(_article, ((id, (held, common.withheld)) for id, held in files.items())),
    )  # fmt: skip


def write(converted: Converted, folder: Path) -> list[Note]:
    """The project, with the configuration that brat shows it by."""
    (folder / COMMON).write_bytes(codec.canonical(common_to_json(converted)))
    (folder / _CONF).write_text(configuration(), encoding="utf-8")
    for article in converted.articles:
        words = article.document.text or ""
        for layer in article.layers:
            place = folder / layer.annotator
            place.mkdir(exist_ok=True)
            records, beside = written(layer, words)
            (place / f"{article.document.id}.txt").write_bytes(words.encode("utf-8"))
            (place / f"{article.document.id}.ann").write_bytes("".join(f"{one}\n" for one in records).encode("utf-8"))
            (place / f"{article.document.id}.json").write_bytes(codec.canonical(article_to_json(article, layer) | beside))
        if not article.layers:
            (folder / _UNREAD).mkdir(exist_ok=True)
            (folder / _UNREAD / f"{article.document.id}.txt").write_bytes(words.encode("utf-8"))
            (folder / _UNREAD / f"{article.document.id}.ann").write_bytes(b"")
            (folder / _UNREAD / f"{article.document.id}.json").write_bytes(codec.canonical(article_to_json(article, None)))
    return []


def configuration() -> str:
    """`annotation.conf`: the types and what may join them, as brat's own grammar has it."""
    kinds: dict[str, str] = {label: name for name, label in _LABELS.items()}
    hubs = "|".join(kinds[one] for one in HUBS)
    links = [
        f"{kind}\tArg1:{'|'.join(kinds[x] for x in ends[0])}, Arg2:{'|'.join(kinds[x] for x in ends[1])}" for kind, ends in ENDS.items()
    ]
    event = f"{_TRIGGER}\tHub:{hubs}, Source*:{kinds['source']}, Cue*:{kinds['cue']}"
    attributes = []
    for name, values in tasks.CHOICES.items():
        bearer = _TRIGGER if name in tasks.OF_ATTRIBUTION else "|".join(kinds[one] for one in _bearers(name))
        attributes.append(f"{_ATTRIBUTES[name]}\tArg:{bearer}, Value:{'|'.join(values)}")
    parts = {"entities": [*_LABELS], "relations": links, "events": [event], "attributes": attributes}
    return "\n".join(f"[{name}]\n" + "\n".join(lines) + "\n" for name, lines in parts.items())


def _bearers(attribute: str) -> Iterable[str]:
    return [label for label, held in codec.ATTRIBUTES.items() if attribute in held]


def written(layer: AnnotationSet, words: str) -> tuple[list[str], codec.Json]:
    """The records of a layer, and what lies beside them: our ids, and the spans that brat cannot hold in one piece."""
    ids = {one.id: f"T{at}" for at, one in enumerate(layer.mentions, start=1)}
    by_id = layer.by_id()
    spans: dict[str, list[list[int]]] = {}
    records: list[str] = []
    attributes: list[tuple[str, str, str]] = []
    for one in layer.mentions:
        places = tuple((span.start, span.end) for span in one.spans)
        pieces = _by_line(places, words)
        if pieces != places:
            spans[ids[one.id]] = [list(place) for place in places]
        records.append(_mark(ids[one.id], one.label.capitalize(), pieces, words))
        attributes += _told(one, ids[one.id], codec.ATTRIBUTES[one.label])
    for at, said in enumerate(layer.attributions, start=1):
        trigger = by_id[said.cues[0] if said.cues else said.hub]
        pieces = _by_line(tuple((span.start, span.end) for span in trigger.spans), words)
        records += [_mark(f"T{len(ids) + at}", _TRIGGER, pieces, words), _event(at, f"T{len(ids) + at}", said, by_id, ids)]
        attributes += _told(said, f"E{at}", tasks.OF_ATTRIBUTION)
    records += [f"R{at}\t{one.type} Arg1:{ids[one.from_]} Arg2:{ids[one.to]}" for at, one in enumerate(layer.links, start=1)]
    records += [f"A{at}\t{kind} {of} {value}" for at, (kind, of, value) in enumerate((x for x in attributes if x[0] != _NOTED), start=1)]
    records += [
        f"#{at}\t{kind} {of}\t{_line(value)}" for at, (kind, of, value) in enumerate((x for x in attributes if x[0] == _NOTED), start=1)
    ]
    return records, {"ids": {here: id for id, here in ids.items()}, "spans": spans}


def _told(one: Any, id: str, names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    return ((_ATTRIBUTES[name], id, value) for name in names if (value := getattr(one, name)) is not None)


def _event(at: int, trigger: str, said: Attribution, by_id: Mapping[str, Mention], ids: Mapping[str, str]) -> str:
    parts = [f"Hub:{ids[said.hub]}"]
    for role, held in (("Source", said.sources), ("Cue", said.cues)):
        parts += [f"{role}{'' if nth == 1 else nth}:{ids[id]}" for nth, id in enumerate(held, start=1)]
    return f"E{at}\t{_TRIGGER}:{trigger} {' '.join(parts)}"


def _mark(id: str, kind: str, places: Places, words: str) -> str:
    return f"{id}\t{kind} {';'.join(f'{start} {end}' for start, end in places)}\t{' '.join(words[start:end] for start, end in places)}"


def _by_line(places: Places, words: str) -> Places:
    """Pieces without a line end in them; all that Python takes for one, for brat reads with it."""
    found: list[tuple[int, int]] = []
    for start, end in places:
        at = start
        for line in words[start:end].splitlines(keepends=True):
            bare = line.rstrip("\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")
            if bare.strip():
                found.append((at, at + len(bare)))
            at += len(line)
    return tuple(found)


def _line(value: str) -> str:
    """Words on one line: as they are, or as a JSON string where they would not stay."""
    plain = value.isprintable() and value == value.strip() and not value.startswith('"')
    return value if plain else codec.compact(value).decode().translate({ord(c): f"\\u{ord(c):04x}" for c in "\x85\u2028\u2029\x7f"})


def _article(files: list[Path], withheld: frozenset[str]) -> Article:
    made = [_reading(one, withheld) for one in files]
    document = made[0][0].document
    layers = tuple(layer for _, layer in made if layer is not None)
    return Article(document=document, layers=layers, extra={who: held for one, _ in made for who, held in one.extra.items()})


def _reading(path: Path, withheld: frozenset[str]) -> tuple[Article, AnnotationSet | None]:
    value = value_of(path)
    words = decoded(path.with_suffix(".txt").read_bytes(), path.name)
    article = article_from_json(value, words)
    if value["layer"] is None:
        return article, None
    found = parsed(path.with_suffix(".ann").read_bytes(), path.stem, placed(words))
    return article, _layer(value, found, words, withheld=article.document.source in withheld)


def _layer(value: codec.Json, found: Standoff, words: str, *, withheld: bool) -> AnnotationSet:
    facts = of_kind(found.facts)
    ids = {here: value["ids"].get(here, here) for here in found.marks}
    spans = {here: tuple((start, end) for start, end in held) for here, held in value["spans"].items()}
    marks = [one for one in found.marks.values() if one.kind != _TRIGGER]
    mentions = [(ids[one.id], _LABELS[one.kind], _whole(one, spans.get(one.id), words), _values(facts.get(one.id, ()))) for one in marks]
    attributions = [
        (ids[hub], _parts(one.parts, ids), _values(facts.get(one.id, ())))
        for one in found.events
        for role, hub in one.parts
        if role == "Hub"
    ]
    links: list[tuple[LinkType, str, str]] = [(one.kind, ids[one.first], ids[one.second]) for one in found.bonds]  # type: ignore[misc]
    return layer_of(value["layer"], words, mentions, attributions, links, withheld=withheld)


def _parts(parts: Iterable[tuple[str, str]], ids: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    held = list(parts)
    return {name: tuple(ids[id] for role, id in held if role == kind) for name, kind in (("sources", "Source"), ("cues", "Cue"))}


def _values(facts: Iterable[Fact]) -> dict[str, Any]:
    return {_NAMES[one.kind]: _words(one.value or "") for one in facts if one.kind in _NAMES}


def _words(value: str) -> str:
    return str(codec.read_json(f"[{value}]".encode(), "a note")[0][0]) if value.startswith('"') else value


def _whole(mark: Mark, spans: Places | None, words: str) -> Places:
    """The spans as they ran over line ends, if the mark is still where it was."""
    return spans if spans is not None and _by_line(spans, words) == mark.places else mark.places
