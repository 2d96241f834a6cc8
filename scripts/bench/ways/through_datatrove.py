"""datatrove's reader of JSON lines and its writer of Parquet; runs in an environment of its own. usage: through_datatrove.py MADE OUT"""

import sys
from typing import Any

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import ParquetWriter
from flattening import flat
from loguru import logger


def adapted(self: JsonlReader, data: dict[str, Any], path: str, id_in_file: int) -> dict[str, Any]:
    """What datatrove takes for a document."""
    held = flat(data)
    return {"text": held.pop("text"), "id": held.pop("document"), "metadata": held}


logger.remove()
made, out = sys.argv[1:]
reader = JsonlReader(made, glob_pattern="*.jsonl", adapter=adapted, compression=None)
writer = ParquetWriter(f"{out}/out", compression="zstd")
LocalPipelineExecutor([reader, writer], tasks=1, logging_dir=f"{out}/logs").run()
