"""Rows as Arrow tables and as the bytes of a Parquet shard: equal rows give equal bytes under one pinned pyarrow."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from corpus.tables.columns import CONFIGS, WITH_STATISTICS, Config


def table(config: Config, rows: list[dict[str, Any]]) -> pa.Table:
    """Rows under the explicit schema of the config."""
    return pa.Table.from_pylist(rows, schema=CONFIGS[config])


def parquet(config: Config, rows: list[dict[str, Any]], path: Path) -> None:
    """Write one shard: one row group, checksums on every page, no statistics on columns that hold words."""
    written = table(config, rows)
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


def tables_equal(config: Config, path: Path, rows: list[dict[str, Any]]) -> bool:
    """Whether a shard holds exactly these rows, its page checksums verified."""
    found = pq.read_table(path, page_checksum_verification=True)
    return bool(found.equals(table(config, rows)))
