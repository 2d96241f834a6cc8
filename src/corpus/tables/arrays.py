"""Rows as Arrow columns: a mention that stands in several rows is put into columns once, and taken from there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa

from corpus.tables.columns import CONFIGS, MENTION, Config
from corpus.tables.parts import Row
from corpus.tables.tokens import Octets, Tags, Tokens


@dataclass(frozen=True, slots=True)
class Made:
    """What several configs of a batch share: the mentions, and the columns that were made of the very same values.

    Without `mentions`, those in the rows are themselves.
    """

    mentions: pa.Array | None
    columns: dict[tuple[int, ...], pa.Array] = field(default_factory=dict)

    def batch(self, config: Config, rows: Sequence[Row]) -> pa.RecordBatch:
        """Rows of a config, which have all its columns."""
        columns = CONFIGS[config]
        arrays = [self._column(config, field, list(map(itemgetter(field.name), rows))) for field in columns]
        return pa.RecordBatch.from_arrays(arrays, schema=columns)

    def _column(self, config: Config, column: pa.Field, values: Sequence[Any]) -> pa.Array:
        if config == "tokens":
            return _tokens(column.type, values)
        if self.mentions is None or not pa.types.is_nested(column.type):
            return pa.array(values, column.type)
        same = tuple(map(id, values))  # all values live as long as this does, so that no two have one id
        if same not in self.columns or not self.columns[same].type.equals(column.type):
            holds = column.name in _SHARING[config]
            self.columns[same] = _shared(column.type, values, self.mentions) if holds else pa.array(values, column.type)
        return self.columns[same]


def _shared(kind: pa.DataType, values: Sequence[Any], mentions: pa.Array) -> pa.Array:
    """Values of a type that holds mentions: each is `Shared`, a number among the `mentions`."""
    if kind.equals(MENTION):
        return mentions.take(pa.array([one.at for one in values], pa.int64()))
    if pa.types.is_list(kind):
        return _lists(kind, list(map(len, values)), _shared(kind.value_type, list(chain.from_iterable(values)), mentions))
    children = [_shared(one.type, list(map(itemgetter(one.name), values)), mentions) for one in kind]
    return pa.StructArray.from_arrays(children, fields=list(kind))


def _holds_mentions(kind: pa.DataType) -> bool:
    if pa.types.is_list(kind):
        return _holds_mentions(kind.value_type)
    return bool(kind.equals(MENTION) or (pa.types.is_struct(kind) and any(_holds_mentions(one.type) for one in kind)))


_SHARING: Mapping[Config, frozenset[str]] = {
    config: frozenset(one.name for one in columns if _holds_mentions(one.type)) for config, columns in CONFIGS.items()
}


def _tokens(kind: pa.DataType, values: Sequence[Any]) -> pa.Array:
    """A column of `tokens`: strings, or lists that come as `Tokens`, `Tags` or arrays, or nothing."""
    there = [one for one in values if one is not None]
    if not there or not pa.types.is_list(kind):
        return pa.array(values, kind)
    return _lists(kind, [None if one is None else len(one) for one in values], _joined(there))


def _joined(there: Sequence[Any]) -> pa.Array:
    if isinstance(there[0], Tokens):
        return _strings(np.concatenate([one.octets for one in there]), np.concatenate([one.sizes for one in there]))
    if isinstance(there[0], Tags):
        letters = np.concatenate([one.letters for one in there])
        return _strings(letters, np.ones(len(letters), dtype=np.int32))
    return pa.array(np.concatenate(there))


def _lists(kind: pa.DataType, sizes: Sequence[int | None], values: pa.Array) -> pa.Array:
    """Lists of so many values each, or none."""
    ends = np.cumsum([0, *(size or 0 for size in sizes)], dtype=np.int32)
    mask = pa.array([size is None for size in sizes]) if None in sizes else None
    return pa.ListArray.from_arrays(pa.array(ends), values, type=kind, mask=mask)


def _strings(octets: Octets, sizes: Any) -> pa.Array:
    """Strings from their bytes, and how many each has."""
    places = np.zeros(len(sizes) + 1, dtype=np.int32)
    np.cumsum(sizes, out=places[1:])
    return pa.StringArray.from_buffers(len(sizes), pa.py_buffer(places), pa.py_buffer(octets))
