"""`corpus build` again after one document of many has changed, beside a full build: processor time and time, as ratios in one run.

usage: scripts/measure_incremental.py [--documents N…] [--of tree exports] [--files N] [--buckets N] [--workers N] [--write FILE]

Makes N documents (default 2000) as a tree of small files and as exports in several files, each build a process of its own with its
start included. The changed document loses its last relation. All releases of one state are compared, byte for byte.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import orjson

sys.path.insert(0, str(Path(__file__).parents[1]))
from scripts import generate_exports

from corpus import codec, store

_OLD = 3  # seconds; files that are younger are hashed again by the next build


@dataclass(frozen=True, slots=True)
class Run:
    """A build: seconds, and seconds of processors."""

    seconds: float
    worked: float


def lay_tree(root: Path, documents: int) -> None:
    """The documents as a repository."""
    (root / "raw/made").mkdir(parents=True)
    (root / "annotations").mkdir()
    (root / "raw/made/source.json").write_bytes(codec.canonical(codec.source_to_json(generate_exports.SOURCE)))
    (root / store.ANNOTATORS).write_bytes(codec.canonical(generate_exports.annotators()))
    for nth in range(documents):
        document, layer = generate_exports.article(nth, 1)
        (root / store.record_path(document)).write_bytes(codec.canonical(codec.document_to_json(document)))
        (root / store.text_path(document)).write_text(document.text or "", encoding="utf-8", newline="\n")
        path = root / store.layer_path(document.id, layer.annotator)
        path.parent.mkdir()
        path.write_bytes(codec.canonical(codec.annotations_to_json(layer)))


def lay_exports(root: Path, documents: int, files: int) -> None:
    """The documents as exports, a task a line, in so many files."""
    root.mkdir()
    (root / "source.json").write_bytes(codec.canonical(codec.source_to_json(generate_exports.SOURCE)))
    (root / "annotators.json").write_bytes(codec.canonical(generate_exports.annotators()))
    for nth in range(files):
        with (root / f"part-{nth:03d}.jsonl").open("wb") as file:
            for one in range(nth * documents // files, (nth + 1) * documents // files):
                file.write(orjson.dumps(generate_exports.exported(*generate_exports.article(one, 1))) + b"\n")


def change_tree(root: Path, nth: int) -> None:
    """Take the last relation from one document."""
    document, layer = generate_exports.article(nth, 1)
    changed = replace(layer, links=layer.links[:-1])
    (root / store.layer_path(document.id, layer.annotator)).write_bytes(codec.canonical(codec.annotations_to_json(changed)))


def change_exports(root: Path, nth: int) -> None:
    """The same in the export that holds it."""
    document, layer = generate_exports.article(nth, 1)
    lines = (orjson.dumps(generate_exports.exported(document, one)) for one in (layer, replace(layer, links=layer.links[:-1])))
    before, after = lines
    for path in sorted(root.glob("*.jsonl")):
        data = path.read_bytes()
        if before in data:
            path.write_bytes(data.replace(before, after))
            return
    raise SystemExit(f"{document.id} is in no export")


def built(root: Path, out: Path, options: Sequence[str]) -> Run:
    """Build in a process of its own."""
    exports = sorted(map(str, root.glob("*.jsonl")))
    described = ["--source", str(root / "source.json"), "--annotators", str(root / "annotators.json")]
    more = ["--from", *exports, *described] if exports else []
    command = [sys.executable, "-m", "corpus", "-q", "-C", str(root), "build", "1.0.0", "--out", str(out), *options, *more]
    start, before = time.perf_counter(), worked()
    subprocess.run(command, check=True)
    return Run(time.perf_counter() - start, worked() - before)


def worked() -> float:
    """Seconds of processors that all finished children have had."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def equal(one: Path, other: Path) -> bool:
    """Whether two releases are, byte for byte."""
    names = [sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file()) for folder in (one, other)]
    return names[0] == names[1] and all((one / name).read_bytes() == (other / name).read_bytes() for name in names[0])


def measure(of: str, documents: int, args: argparse.Namespace) -> str:
    """One row of the table."""
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        root, runs = Path(folder) / "in", dict[str, Run]()
        if of == "tree":
            lay_tree(root, documents)
        else:
            lay_exports(root, documents, args.files)
        options = ["--buckets", str(args.buckets), *(["--workers", str(args.workers)] if args.workers else [])]
        cached = [*options, "--cache", f"{folder}/cache"]
        time.sleep(_OLD)
        for name, how in (("full", [*options, "--no-cache"]), ("first", cached), ("unchanged", cached)):
            runs[name] = built(root, Path(folder) / name, how)
            print(json.dumps([of, documents, name, round(runs[name].worked, 2), round(runs[name].seconds, 2)]), file=sys.stderr, flush=True)
        same = equal(Path(folder) / "full", Path(folder) / "first") and equal(Path(folder) / "full", Path(folder) / "unchanged")
        (change_tree if of == "tree" else change_exports)(root, documents // 2)
        for name, how in (("changed", cached), ("anew", [*options, "--no-cache"])):
            shutil.rmtree(Path(folder) / "unchanged", ignore_errors=True)
            runs[name] = built(root, Path(folder) / name, how)
            print(json.dumps([of, documents, name, round(runs[name].worked, 2), round(runs[name].seconds, 2)]), file=sys.stderr, flush=True)
        same = same and equal(Path(folder) / "changed", Path(folder) / "anew")
        same = same and not equal(Path(folder) / "changed", Path(folder) / "first")
        held = sum(path.stat().st_size for path in Path(folder, "cache").rglob("*") if path.is_file()) / 1e6
        full = Run(*((getattr(runs["full"], one) + getattr(runs["anew"], one)) / 2 for one in ("seconds", "worked")))
        shares = [
            f"{runs[name].worked / full.worked:.1%} | {runs[name].seconds / full.seconds:.1%}" for name in ("first", "unchanged", "changed")
        ]
        return f"| {of} | {documents:,} | {' | '.join(shares)} | {held:,.0f} | {'yes' if same else '**no**'} |"


def main() -> None:
    """Print the table, or write it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, nargs="+", default=[2000], metavar="N")
    parser.add_argument("--of", nargs="+", choices=("tree", "exports"), default=["tree", "exports"])
    parser.add_argument("--files", type=int, default=20, metavar="N", help="exports (default: 20)")
    parser.add_argument("--buckets", type=int, default=64, metavar="N")
    parser.add_argument("--workers", type=int, metavar="N")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="where to work (default: the system's folder for such)")
    parser.add_argument("--write", type=Path, metavar="FILE")
    args = parser.parse_args()
    heads = (
        "of | documents | first build | its time | nothing changed | its time | one document changed | its time | cache, MB | equal bytes"
    )
    lines = [f"| {heads} |", "|---|" + "---:|" * 8 + "---|"]
    lines += [measure(of, documents, args) for documents in args.documents for of in args.of]
    words = f"Work of the processors, then time, as shares of a build without the cache (the mean of two; {args.buckets} buckets).\n\n"
    words += "\n".join(lines) + "\n"
    print(words)
    if args.write:
        args.write.write_text(words, encoding="utf-8")


if __name__ == "__main__":
    main()
