"""Label Studio's own converter, JSON to CoNLL; runs in Label Studio's environment. usage: label_studio.py MADE OUT"""

import sys
from pathlib import Path

from label_studio_sdk.converter import Converter

made, out = sys.argv[1:]
config = (Path(__file__).parents[3] / "schema/labels.xml").read_text(encoding="utf-8")
Converter(config, out, download_resources=False).convert(f"{made}/export.json", f"{out}/out", "CONLL2003", is_dir=False)
