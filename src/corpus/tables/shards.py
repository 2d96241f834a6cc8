"""Rows as Arrow tables and as the bytes of a Parquet shard: equal rows give equal bytes under one pinned pyarrow."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.tables.columns import CONFIGS, WITH_STATISTICS, Config


def table(config: Config, rows: list[dict[str, Any]], columns: pa.Schema | None = None) -> pa.Table:
    """Rows under the explicit schema of the config, or under the columns of a release of another version."""
    return pa.Table.from_pylist(rows, schema=CONFIGS[config] if columns is None else columns)


def parquet(config: Config, rows: list[dict[str, Any]], path: Path, columns: pa.Schema | None = None) -> None:
    """Write one shard: one row group, checksums on every page, no statistics on columns that hold words."""
    written = table(config, rows, columns)
    pq.write_table(
        written,
        path,
        row_group_size=max(1, written.num_rows),
        compression="zstd",
        compression_level=3,
        version="2.6",
        data_page_version="1.0",
        use_dictionary=True,
        write_statistics=[name for name in WITH_STATISTICS if name in written.column_names],
        write_page_index=True,
        write_page_checksum=True,
        use_content_defined_chunking=True,
    )


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
