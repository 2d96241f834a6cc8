"""Rows as Arrow tables and as the bytes of a Parquet shard: equal rows give equal bytes under one pinned pyarrow."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.tables.columns import CONFIGS, WITH_STATISTICS, Config

# Rows of a row group: what a writer holds at most, and a reader has to take at once. A row of these configs is a whole reading.
ROW_GROUP: Mapping[Config, int] = {"documents": 1000, "tokens": 1000, "annotations": 1000}
_MANY = 8000
_PLACES = ("starts", "ends")  # numbers that grow: what each is more than the one before takes half the bytes of a dictionary of them
_FORM: Mapping[str, Any] = {
    "compression": "zstd",
    "compression_level": 3,
    "version": "2.6",
    "data_page_version": "1.0",
    "write_page_index": True,
    "write_page_checksum": True,
    "use_content_defined_chunking": True,
}


def table(config: Config, rows: list[dict[str, Any]], columns: pa.Schema | None = None) -> pa.Table:
    """Rows under the explicit schema of the config, or under the columns of a release of another version."""
    return pa.Table.from_pylist(rows, schema=CONFIGS[config] if columns is None else columns)


class Writer:
    """One shard, written row group by row group as rows come; all that is held is one row group.

    Checksums on every page, no statistics on columns that hold words.
    """

    def __init__(self, config: Config, path: Path, columns: pa.Schema | None = None) -> None:
        self.path, self.rows, self._columns = path, 0, CONFIGS[config] if columns is None else columns
        self._group, self._waiting, self._number = ROW_GROUP.get(config, _MANY), list[pa.RecordBatch](), 0
        self._file = pq.ParquetWriter(
            path, self._columns, **_FORM, **_encodings(self._columns), write_statistics=_with_statistics(self._columns)
        )

    def write(self, rows: pa.RecordBatch) -> None:
        """Take rows, in their order."""
        self._waiting.append(rows)
        self._number += rows.num_rows
        while self._number >= self._group:
            self._flush(self._group)

    def close(self) -> None:
        """Write what waits, and the footer."""
        if self._number:
            self._flush(self._number)
        self._file.close()

    def _flush(self, number: int) -> None:
        held = pa.Table.from_batches(self._waiting, self._columns)
        self._file.write_table(held.slice(0, number).combine_chunks(), row_group_size=number)
        self.rows += number
        self._waiting, self._number = held.slice(number).to_batches(), held.num_rows - number


def parquet(config: Config, rows: list[dict[str, Any]], path: Path, columns: pa.Schema | None = None) -> None:
    """Write one shard from all its rows: the same bytes as from any parts of them."""
    writer = Writer(config, path, columns)
    for some in table(config, rows, columns).to_batches():
        writer.write(some)
    writer.close()


def _with_statistics(columns: pa.Schema) -> list[str]:
    return [name for name in WITH_STATISTICS if name in columns.names]


def _encodings(columns: pa.Schema) -> Mapping[str, Any]:
    leaves = [name for field in columns for name in _leaves(field.name, field.type)]
    places = [name for name in leaves if name.partition(".")[0] in _PLACES]
    encoded = {"column_encoding": dict.fromkeys(places, "DELTA_BINARY_PACKED")} if places else {}
    return {"use_dictionary": [name for name in leaves if name not in places], **encoded}


def _leaves(name: str, kind: pa.DataType) -> Iterator[str]:
    """The paths of the columns that a file has for one of ours."""
    if pa.types.is_list(kind):
        yield from _leaves(f"{name}.list.element", kind.value_type)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _leaves(f"{name}.{field.name}", field.type)
    else:
        yield name


def unpacked(file: BinaryIO, compression: str) -> BinaryIO:
    """A compressed file ("gzip" or "zstd") as the bytes in it."""
    stream: BinaryIO = pa.CompressedInputStream(pa.PythonFile(file, mode="r"), compression)
    return stream


def rows_in(config: Config, path: Path, columns: pa.Schema | None = None) -> list[dict[str, Any]]:
    """The rows of a shard in plain values, its page checksums verified.

    Under the present columns, null where an older release lacks one; or under the release's own, if they are given.
    """
    wanted = CONFIGS[config] if columns is None else columns
    rows: list[dict[str, Any]] = pq.read_table(path, schema=wanted, page_checksum_verification=True).to_pylist()
    return rows


def has_columns(path: Path, columns: pa.Schema) -> bool:
    """Whether a shard has these very columns, in order and type."""
    return bool(pq.read_schema(path).remove_metadata().equals(columns))


def columns_of(path: Path) -> dict[str, str]:
    """The columns of a shard with their types, in words that can be compared across versions of pyarrow."""
    return {field.name: str(field.type) for field in pq.read_schema(path)}


def config_of(where: str) -> Config | None:
    """The config that a shard belongs to, by its path in the release.

    >>> config_of("denials/test-00000-of-00004.parquet"), config_of("README.md")
    ('denials', None)
    """
    return next((config for config in CONFIGS if where.startswith(f"{config}/")), None)
