"""`corpus check` of many articles beside reading and parsing their JSON files one by one, in interleaved rounds.

usage: scripts/measure_check.py [DOCUMENTS]     (default 10000: articles of 2.5 kB with two layers each, made from the toy corpus)

Ratios of medians, not seconds: machines differ, and this one may be busy.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import orjson

from corpus import codec, ingest, store
from corpus.model import AnnotationSet, Document, Mention

TOY = Path(__file__).parents[1] / "tests" / "toy"
LENGTH, TIMES, ROUNDS = 2500, 3, 5


def main() -> None:
    """Print the two ratios."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        generate(root, number)
        files = sorted(str(path) for path in root.rglob("*.json"))
        held = [Path(path).read_bytes() for path in files]
        rounds = [(timed(lambda: parse(held)), timed(lambda: stream(files)), timed(lambda: check(root))) for _ in range(ROUNDS)]
        parsed, streamed, checked = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"{number:,} articles, {len(files):,} JSON files, {sum(map(len, held)) / 1e6:,.0f} MB")
        print(f"corpus check: {checked / streamed:.2f} times reading and parsing each file with orjson")
        print(f"              {checked / parsed:.2f} times parsing them with orjson from memory")


def generate(root: Path, number: int) -> None:
    """A repository of that many articles, each with two layers in canonical form."""
    stored = store.read(TOY)
    for where in ("raw/toy/source.json", store.ANNOTATORS):
        store.write(root / where, (TOY / where).read_bytes())
    first = stored.holdings.documents["toy_0001"]
    layer = stored.holdings.of(first.id)[0]
    copy = (first.text or "")[: first.furniture[0].start]
    whole = (copy * TIMES).ljust(LENGTH - 12, ".") + "\n"
    marked = tuple(moved(one, at, len(copy)) for at in range(TIMES) for one in layer.mentions)
    for nth in range(number):
        document = ingest.document(f"{whole}article {nth}", id=f"toy_{nth:06d}", source="toy")
        lay(root, document, replace(layer, mentions=marked, **repeated(layer)))


def moved(mention: Mention, at: int, length: int) -> Mention:
    """The mention in the at-th copy of an article of that length."""
    spans = tuple(replace(one, start=one.start + at * length, end=one.end + at * length) for one in mention.spans)
    return replace(mention, id=f"{mention.id}-{at}", spans=spans)


def repeated(layer: AnnotationSet) -> dict[str, tuple]:
    """Attributions and links of all copies."""
    attributions = tuple(
        replace(
            one,
            id=f"{one.id}-{at}",
            hub=f"{one.hub}-{at}",
            sources=tuple(f"{name}-{at}" for name in one.sources),
            cues=tuple(f"{name}-{at}" for name in one.cues),
        )
        for at in range(TIMES)
        for one in layer.attributions
    )
    links = tuple(replace(one, from_=f"{one.from_}-{at}", to=f"{one.to}-{at}") for at in range(TIMES) for one in layer.links)
    return {"attributions": attributions, "links": links}


def lay(root: Path, document: Document, layer: AnnotationSet) -> None:
    """The files of one article, written plainly: they need not outlive the run."""
    files = {
        store.record_path(document): codec.canonical(codec.document_to_json(document)),
        store.text_path(document): (document.text or "").encode(),
    }
    for annotator, origin in (("a3f1", "by_hand"), ("4b22", "model")):
        one = replace(layer, document=document.id, text_sha256=document.text_sha256, annotator=annotator, origin=origin)
        files[store.layer_path(document.id, annotator)] = codec.canonical(codec.annotations_to_json(one))
    for where, data in files.items():
        (root / where).parent.mkdir(parents=True, exist_ok=True)
        (root / where).write_bytes(data)


def parse(held: list[bytes]) -> None:
    """The floor in memory."""
    for data in held:
        orjson.loads(data)


def stream(files: list[str]) -> None:
    """The floor with the reading."""
    for path in files:
        with open(path, "rb") as file:  # noqa: PTH123 - the quickest way is the floor
            orjson.loads(file.read())


def check(root: Path) -> None:
    """As a person runs it, start of Python included."""
    subprocess.run([sys.executable, "-m", "corpus", "-q", "-C", str(root), "check"], check=True)


def timed(job: Callable[[], object]) -> float:
    """Seconds of one run."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
