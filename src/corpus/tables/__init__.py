"""The only door to pyarrow: layers and documents as rows, rows as Arrow tables, tables as Parquet. Knows no folder of the repository."""

from corpus.tables.columns import CONFIGS, Config, features
from corpus.tables.rows import Reading, rows_of
from corpus.tables.shards import parquet, table, tables_equal

__all__ = ["CONFIGS", "Config", "Reading", "features", "parquet", "rows_of", "table", "tables_equal"]
