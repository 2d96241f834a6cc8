"""The only door to pyarrow: layers and documents as rows, rows as Arrow tables, tables as Parquet. Knows no folder of the repository."""

from corpus.tables.batches import Batch
from corpus.tables.columns import CONFIGS, Config, described, features
from corpus.tables.parts import Parts, Reading, Row, attributed, bare, derived, link, parts_of, span
from corpus.tables.rows import in_json, rows_of
from corpus.tables.shards import Writer, columns_of, config_of, has_columns, parquet, rows_in, table, unpacked

__all__ = [
    "CONFIGS",
    "Batch",
    "Config",
    "Parts",
    "Reading",
    "Row",
    "Writer",
    "attributed",
    "bare",
    "columns_of",
    "config_of",
    "derived",
    "described",
    "features",
    "has_columns",
    "in_json",
    "link",
    "parquet",
    "parts_of",
    "rows_in",
    "rows_of",
    "span",
    "table",
    "unpacked",
]
