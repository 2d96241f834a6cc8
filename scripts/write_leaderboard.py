"""Measures the baseline anew and writes docs/leaderboard.json and docs/leaderboard.md; rows of other systems stay.

usage: scripts/write_leaderboard.py [--peers FOLDER] [--add NAME VERSION PRED] [--check]

The baseline (`corpus suggest`) is scored on the test split of this corpus, all of it and each source (but the seed article, whose text
not everybody has), and on the samples of other corpora in FOLDER (default: ../shared/peers, or peers/ in the folder that CDA_SHARED
names) where that is there; where not, those rows stay. --add scores another system's submission on the test split and adds its row.
--check writes nothing, and exits 1 if anything would change. Needs the extra `suggest` and the texts of lee (corpus hydrate lee).
Figures only: no word of a text is written.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from corpus import formats, scoring, store, submissions, suggest
from corpus.agreement import summary
from corpus.formats.converted import Given
from corpus.model import AnnotationSet, Annotator, Document, Holdings, Source
from corpus.problems import CorpusError
from corpus.scoring import board, narrowing
from corpus.scoring.board import Entry, Figure

BASELINE = "corpus suggest (rules)"
PEERS = {"polnear": ("polnear", "PolNeAR, 14 articles of its development part"), "gum": ("gum-news", "GUM news, 5 articles")}
# Two people over PolNeAR's 20 shared articles, the mean over pairs, as reckoned from that corpus's own files; alpha is .754 in print.
PEOPLE = Entry(
    board=PEERS["polnear"][1], system="two people, on its 20 shared articles", version="PolNeAR 1.0.0", submission=None, gold=None,
    articles=20,
    figures={
        name: Figure(value=value)
        for name, value in {
            "source, exact": 0.777, "cue, exact": 0.705, "content, exact": 0.659,
            "source, overlap": 0.841, "cue, overlap": 0.815, "content, overlap": 0.877, board.ALPHA: 0.774,
        }.items()
    },
)  # fmt: skip
Layers = dict[str, AnnotationSet]


def main() -> int:
    """Write the two files, or say whether they are as they should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--add", nargs=3, metavar=("NAME", "VERSION", "PRED"))
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    root = store.find_root(Path())
    path = root / board.PATH
    before = board.from_bytes(path.read_bytes()) if path.is_file() else []
    shared = Path(os.environ.get("CDA_SHARED") or root.parent / "shared")
    fresh = [*_ours(root), *_peers(args.peers or shared / "peers"), *(_added(root, *args.add) if args.add else ()), PEOPLE]
    measured = {(one.board, one.system) for one in fresh}
    entries = [*fresh, *(one for one in before if (one.board, one.system) not in measured)]
    files = {path: board.to_bytes(entries), path.with_suffix(".md"): page(entries).encode("utf-8")}
    if args.check:
        return int(any(not one.is_file() or one.read_bytes() != data for one, data in files.items()))
    changed = [one.name for one, data in files.items() if store.write(one, data)]
    print(f"written: {', '.join(changed)}" if changed else "nothing changed")
    return 0


def page(entries: list[Entry]) -> str:
    """docs/leaderboard.md."""
    return (
        "# Leaderboard\n\nWritten by `make leaderboard` from `leaderboard.json`; [task.md](task.md) says what the figures are and how a "
        "system is added.\nGold of this corpus was made by a language model and verified by no person.\n\n" + board.markdown(entries)
    )


def _ours(root: Path) -> Iterator[Entry]:
    gold, documents = _test_split(root)
    holdings = store.read(root).holdings
    found = {name: _suggested(documents[name], withheld=holdings.withheld(documents[name])) for name in gold}
    yield _entry(board.OURS, BASELINE, _version(), gold, found, documents)
    for source in sorted({documents[name].source for name in gold}):
        some = {name: one for name, one in gold.items() if documents[name].source == source}
        if len(some) > 1:
            yield _entry(f"{board.OURS}, {source} alone", BASELINE, _version(), some, {name: found[name] for name in some}, documents)


def _test_split(root: Path) -> tuple[Layers, Mapping[str, Document]]:
    read = submissions.gold(root)
    if read.problems:
        raise CorpusError(f"the corpus has problems; corpus check shows them: {read.problems[0].where}")
    gold = {layer.document: layer for _, layer in read.layers if scoring.split_of(read.documents[layer.document]) == "test"}
    return {name: one for name, one in gold.items() if read.documents[name].source != "seed"}, read.documents


def _added(root: Path, name: str, version: str, pred: str) -> Iterator[Entry]:
    gold, documents = _test_split(root)
    handed_in = submissions.prediction(Path(pred))
    layers = [one for one in handed_in.layers if one[1].document in gold]
    faults = [*handed_in.problems, *scoring.problems(layers, gold, documents, wanted=gold, split="test")]
    if faults:
        raise CorpusError(f"{pred} cannot be scored; corpus score . {pred} --split test --check says why: {faults[0].message}")
    yield _entry(board.OURS, name, version, gold, {layer.document: layer for _, layer in layers}, documents)


def _peers(folder: Path) -> Iterator[Entry]:
    for form, (place, told) in PEERS.items():
        if not (folder / place).is_dir():
            print(f"{folder / place} is not here; its rows stay as they are", file=sys.stderr)
            continue
        read = formats.reader(form)(folder / place, Given())
        articles = list(read.articles)
        documents = {one.document.id: one.document for one in articles}
        gold = {one.document.id: _plain(one.layers[0]) for one in articles}
        found = {name: _plain(_suggested(documents[name], withheld=True)) for name in gold}
        alpha = summary(_side_by_side(documents, gold, found), resamples=0).whole.figure("token_alpha", "role").value
        entry = _entry(told, BASELINE, _version(), gold, found, documents, peers=True)
        yield replace(entry, figures={**entry.figures, board.ALPHA: Figure(value=alpha)})


def _plain(layer: AnnotationSet) -> AnnotationSet:
    return narrowing.outermost(narrowing.hubs_as_content(layer))


def _suggested(document: Document, *, withheld: bool) -> AnnotationSet:
    return suggest.suggested(document, withheld=withheld)


def _version() -> str:
    return f"rules {suggest.VERSION}, {suggest.version()}"


def _entry(
    on: str, system: str, version: str, gold: Layers, found: Layers, documents: Mapping[str, Document], *, peers: bool = False
) -> Entry:
    part = scoring.report(scoring.tally(gold, found), system, documents).whole
    return Entry(
        board=on, system=system, version=version, submission=board.digest(found.values()), gold=board.digest(gold.values()),
        articles=len(gold), figures=board.figures(part, peers=peers),
    )  # fmt: skip


def _side_by_side(documents: Mapping[str, Document], gold: Layers, found: Layers) -> Holdings:
    sources = {
        one.source: Source(id=one.source, title="", description="", licence="", text="withheld", hydrate=None) for one in documents.values()
    }
    who = "0000"
    layers = {f"{one.document}/{who}": replace(one, annotator=who) for one in gold.values()} | {
        f"{one.document}/{one.annotator}": one for one in found.values()
    }
    annotators = {id: Annotator(id=id, kind="model", guidelines="1.0", model=None, note=None) for id in (who, suggest.ANNOTATOR)}
    return Holdings(sources=sources, documents=documents, annotators=annotators, layers=layers)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except CorpusError as error:
        sys.exit(f"write_leaderboard: {error}")
