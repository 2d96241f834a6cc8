"""Rows as Arrow columns."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa


def batch(rows: Sequence[dict[str, Any]], columns: pa.Schema) -> pa.RecordBatch:
    """The rows under these columns, null where a row lacks one."""
    arrays = [_array(field.name, [row.get(field.name) for row in rows], field.type) for field in columns]
    return pa.RecordBatch.from_arrays(arrays, schema=columns)


def _array(name: str, values: list[Any], kind: pa.DataType) -> pa.Array:
    if name.endswith("_tags") and None not in values:
        return _tags(values, kind)
    return _places(values, kind) if name in ("starts", "ends") and None not in values else pa.array(values, kind)


def _places(values: list[list[int]], kind: pa.DataType) -> pa.Array:
    """Lists of numbers."""
    held = pa.array(np.array(list(chain.from_iterable(values)), dtype=np.int32))
    return _lists(values, held, kind)


def _tags(values: list[list[str]], kind: pa.DataType) -> pa.Array:
    """Lists of single letters, by far the most values of a release: put together as bytes, not one by one."""
    letters = "".join(chain.from_iterable(values)).encode("ascii")
    places = pa.py_buffer(np.arange(len(letters) + 1, dtype=np.int32))
    held = pa.StringArray.from_buffers(len(letters), places, pa.py_buffer(letters))
    return _lists(values, held, kind)


def _lists(values: list[Any], held: pa.Array, kind: pa.DataType) -> pa.Array:
    ends = np.cumsum([0, *map(len, values)], dtype=np.int32)
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), held, type=kind)
