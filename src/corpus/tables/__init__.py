"""The only door to pyarrow: layers and documents as rows, rows as Arrow tables, tables as Parquet. Knows no folder of the repository."""

from corpus.tables.columns import CONFIGS, Config, described, features
from corpus.tables.rows import Parts, Reading, Row, derived, parts_of, rows_by_config, rows_of
from corpus.tables.shards import Writer, columns_of, config_of, has_columns, parquet, rows_in, table, unpacked

__all__ = [
    "CONFIGS",
    "Config",
    "Parts",
    "Reading",
    "Row",
    "Writer",
    "columns_of",
    "config_of",
    "derived",
    "described",
    "features",
    "has_columns",
    "parquet",
    "parts_of",
    "rows_by_config",
    "rows_in",
    "rows_of",
    "table",
    "unpacked",
]
