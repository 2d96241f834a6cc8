"""`load_dataset("json")`, `map` and `to_parquet`. usage: load_json.py MADE OUT"""

import sys

import datasets
from flattening import flat

datasets.disable_progress_bars()
made, out = sys.argv[1:]
held = datasets.load_dataset("json", data_files=f"{made}/export.jsonl", split="train", cache_dir=f"{out}/cache")
held.map(flat, remove_columns=held.column_names).to_parquet(f"{out}/out/all.parquet")
