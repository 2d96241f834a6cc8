"""The columns of each config as one explicit Arrow schema, and the same as the features of a data card.

Labels are strings in Parquet and ClassLabel in the card: a change of order can then never change a meaning.
"""

from collections.abc import Mapping
from typing import Any, Literal, get_args

import pyarrow as pa

from corpus import model

Config = Literal["documents", "attributions", "denials", "tokens", "annotations", "claims"]

TAGS = ("O", "B", "I")
_S, _I = pa.string(), pa.int32()


def _struct(**fields: pa.DataType) -> pa.DataType:
    return pa.struct([pa.field(name, kind) for name, kind in fields.items()])


STRETCH = _struct(start=_I, end=_I)
SPAN = _struct(start=_I, end=_I, quote=_S, check=_S)
MENTION = _struct(id=_S, label=_S, spans=pa.list_(SPAN), responsibility=_S, denial_scope=_S, source_kind=_S, canonical_source=_S)
ATTRIBUTION = _struct(
    id=_S, hub=_S, sources=pa.list_(_S), cues=pa.list_(_S), quote_type=_S, polarity=_S, certainty=_S,
    parent=_S, depth=_I, source_chain=pa.list_(_S),
)  # fmt: skip
LINK = pa.struct([pa.field("type", _S), pa.field("from", _S), pa.field("to", _S)])
MADE_FROM = _struct(annotator=_S, sha256=_S)
DECISION = _struct(start=_I, end=_I, about=_S, rule=_S)
ANSWERED = _struct(mention=MENTION, sources=pa.list_(MENTION))

_LAYER = {
    "annotator": _S, "annotator_kind": _S, "origin": _S, "guidelines": _S, "made_from": pa.list_(MADE_FROM),
    "decisions": pa.list_(DECISION),
    "mentions": pa.list_(MENTION), "attributions": pa.list_(ATTRIBUTION), "links": pa.list_(LINK),
}  # fmt: skip

CONFIGS: Mapping[Config, pa.Schema] = {
    "documents": pa.schema(
        {
            "document": _S, "source": _S, "outlet": _S, "date": _S, "url": _S, "language": _S, "story": _S, "licence": _S,
            "text": _S, "text_sha256": _S, "length": _I, "furniture": pa.list_(STRETCH), "phenomena": pa.list_(_S),
            **_LAYER,
        }
    ),
    "attributions": pa.schema(
        {
            "document": _S, "attribution": _S, "hub": MENTION, "sources": pa.list_(MENTION), "cues": pa.list_(MENTION),
            "quote_type": _S, "polarity": _S, "certainty": _S, "parent": _S, "depth": _I, "source_chain": pa.list_(_S), "annotator": _S,
        }
    ),
    "denials": pa.schema(
        {
            "document": _S, "denial": MENTION, "sources": pa.list_(MENTION), "cues": pa.list_(MENTION),
            "polarity": _S, "certainty": _S, "denies": pa.list_(ANSWERED), "annotator": _S,
        }
    ),
    "tokens": pa.schema(
        {
            "document": _S, "annotator": _S, "tokens": pa.list_(_S), "starts": pa.list_(_I), "ends": pa.list_(_I),
            **{f"{label}_tags": pa.list_(_S) for label in get_args(model.Label)},
        }
    ),
    "claims": pa.schema(
        {
            "document": _S, "claim": _S, "statement": _S, "stance": _S, "mention": MENTION, "sources": pa.list_(MENTION), "annotator": _S,
        }
    ),
    "annotations": pa.schema({"document": _S, "text_sha256": _S, **_LAYER}),
}  # fmt: skip

# Columns whose statistics may stand in a footer: never one with words of a text, whose minimum and maximum would stand there whole.
WITH_STATISTICS = (
    "document",
    "source",
    "date",
    "language",
    "story",
    "text_sha256",
    "length",
    "annotator",
    "attribution",
    "depth",
    "claim",
    "stance",
)

CLASS_LABELS: Mapping[str, tuple[str, ...]] = {
    "label": get_args(model.Label),
    "responsibility": get_args(model.Responsibility),
    "denial_scope": get_args(model.DenialScope),
    "source_kind": get_args(model.SourceKind),
    "quote_type": get_args(model.QuoteType),
    "polarity": get_args(model.Polarity),
    "certainty": get_args(model.Certainty),
    "type": get_args(model.LinkType),
    "phenomena": get_args(model.Phenomenon),
    "about": get_args(model.About),
    "stance": get_args(model.Stance),
    "origin": get_args(model.Origin),
    "annotator_kind": get_args(model.AnnotatorKind),
    **{f"{label}_tags": TAGS for label in get_args(model.Label)},
}


def features(config: Config) -> list[dict[str, Any]]:
    """The features of a config in the form of a card's YAML.

    >>> features("annotations")[0]
    {'name': 'document', 'dtype': 'string'}
    """
    return [_feature(field) for field in CONFIGS[config]]


def described(told: list[dict[str, Any]]) -> pa.Schema:
    """The columns that a card describes: those of its release, which an older or newer version of this package built.

    >>> all(described(features(config)) == columns for config, columns in CONFIGS.items())
    True
    """
    return pa.schema([_column(one) for one in told])


def _column(told: Mapping[str, Any]) -> Any:
    held = told.get("list", told.get("struct", told.get("dtype")))
    if isinstance(held, list):
        kind = pa.struct([_column(one) for one in held])
    elif isinstance(held, str):
        kind = {"string": _S, "int32": _I}[held]
    else:
        kind = _S  # labels are strings in Parquet
    return pa.field(told["name"], pa.list_(kind) if "list" in told else kind)


def _feature(field: Any) -> dict[str, Any]:
    if pa.types.is_list(field.type):
        inner = field.type.value_type
        held = [_feature(one) for one in inner] if pa.types.is_struct(inner) else _scalar(field.name, inner)
        return {"name": field.name, "list": held}
    if pa.types.is_struct(field.type):
        return {"name": field.name, "struct": [_feature(one) for one in field.type]}
    held = _scalar(field.name, field.type)
    return {"name": field.name, "dtype": held}


def _scalar(name: str, kind: Any) -> Any:
    if name in CLASS_LABELS:
        return {"class_label": {"names": {str(at): value for at, value in enumerate(CLASS_LABELS[name])}}}
    return str(kind)
