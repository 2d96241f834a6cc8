"""The only door to pyarrow: layers and documents as rows, rows as Arrow tables, tables as Parquet. Knows no folder of the repository."""

from corpus.tables.columns import CONFIGS, Config, described, features
from corpus.tables.rows import Reading, Row, rows_by_config, rows_of
from corpus.tables.shards import Writer, columns_of, config_of, has_columns, parquet, rows_in, table, unpacked

__all__ = [
    "CONFIGS",
    "Config",
    "Reading",
    "Row",
    "Writer",
    "columns_of",
    "config_of",
    "described",
    "features",
    "has_columns",
    "parquet",
    "rows_by_config",
    "rows_in",
    "rows_of",
    "table",
    "unpacked",
]
