"""The main job, end to end, on real input: raw articles → Label Studio → annotations → checks → Parquet → load_dataset.

usage: scripts/run_demo.py [--seed FILE]     (what `make demo` runs; SEED=FILE hydrates the seed article, too)
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ |= {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}  # nothing here needs the network

from rich.console import Console
from rich.table import Table

from corpus import __version__, store
from corpus.cli import main as corpus
from corpus.cli.studio_command import home_of
from corpus.model import Document
from corpus.studio import server

ROOT = Path(__file__).parents[1]
RELEASE = ROOT / "dist" / "demo" / "cda-corpus"  # alone in its folder: neither overwrites a release, nor is taken for one
screen = Console(highlight=False)


def main() -> int:
    """Run every station; the server is stopped whatever happens."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seed", type=Path, help="your copy of the seed article")
    given = arguments.parse_args().seed
    seed = given and given.absolute()
    os.chdir(ROOT)  # the commands stand below as they would be typed there
    started = time.monotonic()
    step("hydrate", "lee")
    if seed:
        step("hydrate", "seed", "--from", str(seed))
    ran_before = server.running(home_of(ROOT)) is not None
    try:
        step("studio", "start")
        step("push")
        step("pull")
    finally:
        if not ran_before:
            corpus(["-C", str(ROOT), "studio", "stop"])
    step("check")
    step("build", __version__, "--out", str(RELEASE.relative_to(ROOT)))
    show_release(dict(store.read(ROOT).holdings.documents))
    screen.print(f"\nThe release stands in {RELEASE.relative_to(ROOT)}. Done in {time.monotonic() - started:.0f} seconds.")
    return 0


def step(*command: str) -> None:
    """One command of the path, as it would be typed; the demo ends where it fails."""
    screen.print(f"\n[bold]$ corpus {' '.join(command)}[/bold]")
    code = corpus(["-C", str(ROOT), *command])
    if code:
        sys.exit(code)


def show_release(documents: dict[str, Document]) -> None:
    """Open every config with load_dataset, then show three attributions and a denial with the claim it denies."""
    with screen.status("load_dataset …"):
        from datasets import disable_progress_bars, get_dataset_config_names, load_dataset
    disable_progress_bars()
    screen.print()
    opened = {
        config: load_dataset(str(RELEASE), config) for config in get_dataset_config_names(str(RELEASE))
    }  # one without rows is left out
    for config, splits in opened.items():
        sizes = ", ".join(f"{split} {len(rows)}" for split, rows in splits.items())
        screen.print(f'load_dataset("{RELEASE.relative_to(ROOT)}", "{config}"): {sizes}')
    table = Table(title="Who says what, who denies it, and which claim the denial answers", show_lines=True)
    for head in ("document", "source", "cue", "statement", "denies"):
        table.add_column(head, overflow="fold")
    for row in [*chosen_attributions(opened["attributions"], documents), *chosen_denial(opened["denials"], documents)]:
        table.add_row(*row)
    screen.print(table)
    screen.print("Words of withheld texts are taken from your own hydrated copy; the release holds offsets and fingerprints only.")


def chosen_attributions(splits: Any, documents: dict[str, Document]) -> list[tuple[str, ...]]:
    """The first three short ones that have a source and a cue, from different articles."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows(splits):
        document = documents[row["document"]]
        if document.text is not None and row["sources"] and row["cues"] and len(words(row["hub"], document)) < 120:
            found.setdefault(document.id, said(row, row["hub"], document, ""))
    return list(found.values())[:3]


def chosen_denial(splits: Any, documents: dict[str, Document]) -> list[tuple[str, ...]]:
    """The first denial that answers a claim and has a source."""
    found = (row for row in rows(splits) if row["denies"] and row["sources"] and documents[row["document"]].text is not None)
    shown = ((row, documents[row["document"]]) for row in found)
    return [said(row, row["denial"], one, words(row["denies"][0]["mention"], one)) for row, one in shown][:1]


def said(row: dict[str, Any], hub: dict[str, Any], document: Document, denied: str) -> tuple[str, ...]:
    """A line of the table."""
    source, cue = ("; ".join(words(one, document) for one in row[part]) for part in ("sources", "cues"))
    return row["document"], source, cue, words(hub, document), denied


def rows(splits: Any) -> Iterator[dict[str, Any]]:
    """Every row of every split."""
    return (row for split in splits.values() for row in split)


def words(mention: dict[str, Any], document: Document) -> str:
    """The words of a mention, from the text at hand."""
    return " … ".join((document.text or "")[span["start"] : span["end"]] or "(text not here)" for span in mention["spans"])


if __name__ == "__main__":
    sys.exit(main())
