"""The parts of readings as rows of each config. What stands in several rows, or has hundreds of values, is made once.

Such rows hold `Shared`, `Tokens`, `Tags` and arrays; they are to be spelt (with `in_json`) or put into columns. `rows_of` gives
plain values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from corpus import codec
from corpus.model import Label
from corpus.tables.columns import Config
from corpus.tables.parts import Parts, Reading, Row, parts_of
from corpus.tables.tokens import Tags, Tokens, placed, tagged

_TAGS = {label: f"{label}_tags" for label in get_args(Label)}


class Shared:
    """A mention that stands in several rows: its number among the mentions of a batch, and how it is spelt, which is found out once."""

    __slots__ = ("at", "spelt")

    def __init__(self, at: int, row: Row) -> None:
        self.at, self.spelt = at, codec.spelt_once(row)


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands for the mentions of a reading: by id, and all of them in one list, which is the same in all rows."""

    known: Mapping[str, Any]
    all: list[Any]


def in_json(value: Any) -> Any:
    """What stands for a value in JSON that is none of JSON's own."""
    if type(value) is Shared:
        return value.spelt
    if isinstance(value, Tokens | Tags):
        return codec.spelt_before(value.spelt())
    raise TypeError(type(value))


def rows_of(config: Config, readings: Iterable[Reading]) -> list[Row]:
    """The rows of a config in plain values, in the order of the readings and of the text."""
    return [codec.plainly(row, in_json) for parts in map(parts_of, readings) for row in rows(config, parts, alone(parts))]


def stands(parts: Parts, first: int) -> Stands:
    """What stands for the mentions of a reading, numbered from `first`."""
    known = {id: Shared(at, row) for at, (id, row) in enumerate(parts.known.items(), start=first)}
    return Stands(known, list(known.values()))


def alone(parts: Parts) -> Stands:
    """The mentions themselves, where none is to stand in two rows."""
    return Stands(parts.known, list(parts.known.values()))


def rows(config: Config, parts: Parts, standing: Stands, tokens: Tokens | None = None) -> Iterator[Row]:
    """The rows of one reading; they share values. `tokens` are those of its text, if they are found already."""
    return _tokens(parts, tokens) if config == "tokens" else _ROWS[config](parts, standing)


def _documents(parts: Parts, standing: Stands) -> Iterator[Row]:
    yield {**parts.article, **parts.layer, "mentions": standing.all}


def _annotations(parts: Parts, standing: Stands) -> Iterator[Row]:
    facts = {"document": parts.document, "text_sha256": parts.article["text_sha256"]}
    yield {**facts, **parts.layer, "mentions": standing.all}


def _attributions(parts: Parts, standing: Stands) -> Iterator[Row]:
    known, document, annotator = standing.known, parts.document, parts.annotator
    for one in parts.layer["attributions"]:
        yield {
            "document": document,
            "attribution": one["id"],
            "hub": known[one["hub"]],
            "sources": [known[id] for id in one["sources"]],
            "cues": [known[id] for id in one["cues"]],
            "quote_type": one["quote_type"],
            "polarity": one["polarity"],
            "certainty": one["certainty"],
            "parent": one["parent"],
            "depth": one["depth"],
            "source_chain": one["source_chain"],
            "annotator": annotator,
        }


def _denials(parts: Parts, standing: Stands) -> Iterator[Row]:
    known, said = standing.known, {one["hub"]: one for one in parts.layer["attributions"]}
    for id, mention in parts.known.items():
        if mention["label"] == "denial":
            one = said[id]
            answered = [link["to"] for link in parts.layer["links"] if link["type"] == "denies" and link["from"] == id]
            yield {
                "document": parts.document,
                "denial": known[id],
                "sources": [known[id] for id in one["sources"]],
                "cues": [known[id] for id in one["cues"]],
                "polarity": one["polarity"],
                "certainty": one["certainty"],
                "denies": [{"mention": known[id], "sources": _sources(known, said.get(id))} for id in answered],
                "annotator": parts.annotator,
            }


def _tokens(parts: Parts, found: Tokens | None) -> Iterator[Row]:
    """No row for a text that is not at hand: tokens cannot be guessed."""
    if parts.words is None:
        return
    tokens = found or placed([parts.words])[0]
    stretches: dict[str, list[tuple[int, int]]] = {label: [] for label in _TAGS}
    for one in parts.known.values():
        stretches[one["label"]] += [(span["start"], span["end"]) for span in one["spans"]]
    tags = tagged(stretches, tokens)
    yield {
        "document": parts.document,
        "annotator": parts.annotator,
        "tokens": tokens if parts.open else None,
        "starts": tokens.starts,
        "ends": tokens.ends,
        **{name: tags[label] for label, name in _TAGS.items()},
    }


def _claims(parts: Parts, standing: Stands) -> Iterator[Row]:
    """A row for each member of the registry in this reading."""
    said = {one["hub"]: one for one in parts.layer["attributions"]} if parts.told else {}
    for claim, one in parts.told:
        facts = {"document": one.document, "claim": claim.id, "statement": claim.statement, "stance": one.stance}
        yield facts | {
            "mention": standing.known[one.mention],
            "sources": _sources(standing.known, said.get(one.mention)),
            "annotator": parts.annotator,
        }


_ROWS: Mapping[Config, Callable[[Parts, Stands], Iterator[Row]]] = {
    "documents": _documents,
    "attributions": _attributions,
    "denials": _denials,
    "annotations": _annotations,
    "claims": _claims,
}


def _sources(known: Mapping[str, Shared], attribution: Row | None) -> list[Shared]:
    return [known[id] for id in attribution["sources"]] if attribution is not None else []
