"""Show an article with its mentions marked.

examples:  corpus show seed_0001
           corpus show lee_0066 --by gold
"""

import argparse
from collections.abc import Iterator
from itertools import pairwise

from corpus import store
from corpus.cli.terminal import visible
from corpus.model import GOLD, AnnotationSet, Document
from corpus.problems import CorpusError

COLOURS = {"claim": "blue", "denial": "red", "content": "cyan", "source": "green", "cue": "yellow"}


def register(command: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.add_argument("id", help="the document")
    command.add_argument("--by", metavar="ANNOTATOR", help="whose reading (default: gold, or the only one)")


def run(args: argparse.Namespace) -> int:
    """Print the marked text, then what belongs together."""
    holdings = store.read(store.find_root(args.root)).holdings
    document = holdings.documents.get(args.id)
    if document is None:
        raise CorpusError(f"there is no document {args.id!r}; corpus stats says what there is")
    if document.text is None:
        raise CorpusError(f"the text of {args.id} is not here; run corpus hydrate {document.source}")
    layer = _chosen(holdings.of(args.id), args.by, args.id)
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False)
    console.print(Text.assemble(*(list(_marked(document, layer)) if layer else [visible(document.text)])))
    for line in _related(document, layer) if layer else ():
        console.print(line, markup=False)
    return 0


def _chosen(layers: list[AnnotationSet], by: str | None, id: str) -> AnnotationSet | None:
    named = [one for one in layers if one.annotator == by] if by else [one for one in layers if one.annotator == GOLD] or layers
    if len(named) > 1 or (by and not named):
        raise CorpusError(f"choose a reading of {id} with --by: {', '.join(one.annotator for one in layers) or 'none yet'}")
    return named[0] if named else None


def _marked(document: Document, layer: AnnotationSet) -> Iterator[tuple[str, str] | str]:
    """The text in runs; the shortest mention on a run gives the colour, its label stands where it begins."""
    words = document.text or ""
    spans = [(s.start, s.end, m.label, m.id) for m in layer.mentions for s in m.spans]
    edges = sorted({0, len(words), *(s[0] for s in spans), *(s[1] for s in spans)})
    for start, end in pairwise(edges):
        for _, _, label, id in (one for one in spans if one[0] == start):
            yield f"[{label} {id}]", f"dim {COLOURS[label]}"
        over = sorted((one for one in spans if one[0] <= start and end <= one[1]), key=lambda one: one[1] - one[0])
        yield visible(words[start:end]), f"bold {COLOURS[over[0][2]]}" if over else ""


def _related(document: Document, layer: AnnotationSet) -> Iterator[str]:
    words, known = document.text or "", layer.by_id()  # `visible` keeps every offset

    def quoted(id: str) -> str:
        return f"{id} “{' … '.join(visible(words[s.start : s.end]) for s in known[id].spans)}”"

    yield ""
    for one in layer.attributions:
        said = f"{' + '.join(map(quoted, one.sources)) or '(no source)'}, {' + '.join(map(quoted, one.cues)) or '(no cue)'}"
        yield f"{known[one.hub].label} {quoted(one.hub)}\n    from {said}"
    for link in layer.links:
        yield f"{quoted(link.from_)} {link.type} {quoted(link.to)}"
