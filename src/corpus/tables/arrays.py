"""Rows as Arrow columns, leaf by leaf: a mention that stands in several rows is put into columns once, and taken from there."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np
import pyarrow as pa

from corpus.tables.columns import MENTION
from corpus.tables.tokens import Octets, Tags, Tokens


@dataclass(frozen=True, slots=True)
class Made:
    """What several configs of a batch share: the mentions, and the columns that were made of the very same values."""

    mentions: pa.Array
    columns: dict[tuple[int, ...], pa.Array] = field(default_factory=dict)

    def column(self, kind: pa.DataType, values: Sequence[Any]) -> pa.Array:
        """A column, made once of the same lists; all values live as long as this does, so that no two have one id."""
        if not pa.types.is_nested(kind):
            return pa.array(values, kind)
        same = tuple(map(id, values))
        if same not in self.columns or not self.columns[same].type.equals(kind):
            self.columns[same] = array(kind, values, self.mentions)
        return self.columns[same]


def columns_of_rows(rows: Sequence[dict[str, Any]], columns: pa.Schema, made: Made) -> pa.RecordBatch:
    """The rows under these columns, all of which they have; their mentions are `Shared`."""
    arrays = [made.column(field.type, list(map(itemgetter(field.name), rows))) for field in columns]
    return pa.RecordBatch.from_arrays(arrays, schema=columns)


def array(kind: pa.DataType, values: Sequence[Any], mentions: pa.Array | None = None) -> pa.Array:
    """Values of a type. Where `mentions` are given, each mention among the values is `Shared`: a number among them."""
    if pa.types.is_list(kind):
        return _lists(kind, values, mentions)
    if not pa.types.is_struct(kind):
        return pa.array(values, kind)
    if mentions is not None and kind.equals(MENTION):
        return mentions.take(pa.array([one.at for one in values], pa.int64()))
    fields = _fields(kind)
    children = [array(field.type, list(map(itemgetter(field.name), values)), mentions) for field in fields]
    return pa.StructArray.from_arrays(children, fields=fields)


@lru_cache
def _fields(kind: pa.StructType) -> list[pa.Field]:
    return list(kind)


def _lists(kind: pa.DataType, values: Sequence[Any], mentions: pa.Array | None) -> pa.Array:
    there = [one for one in values if one is not None]
    if not there:
        return pa.nulls(len(values), kind)
    ends = np.cumsum([0, *(0 if one is None else len(one) for one in values)], dtype=np.int32)
    mask = None if len(there) == len(values) else pa.array([one is None for one in values])
    return pa.ListArray.from_arrays(pa.array(ends), _inner(kind.value_type, there, mentions), type=kind, mask=mask)


def _inner(kind: pa.DataType, lists: list[Any], mentions: pa.Array | None) -> pa.Array:
    """The values of all lists, one after the other."""
    first = lists[0] if lists else ()
    if isinstance(first, Tokens):
        return _strings(np.concatenate([one.octets for one in lists]), np.concatenate([one.sizes for one in lists]))
    if isinstance(first, Tags):
        held = np.concatenate([one.letters for one in lists])
        return _strings(held, np.ones(len(held), dtype=np.int32))
    if isinstance(first, np.ndarray):
        return pa.array(np.concatenate(lists), kind)
    return array(kind, list(chain.from_iterable(lists)), mentions)


def _strings(octets: Octets, sizes: Any) -> pa.Array:
    """Strings from their bytes, and how many each has."""
    places = np.zeros(len(sizes) + 1, dtype=np.int32)
    np.cumsum(sizes, out=places[1:])
    return pa.StringArray.from_buffers(len(sizes), pa.py_buffer(places), pa.py_buffer(octets))
