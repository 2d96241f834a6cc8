"""GUM (Zeldes 2017; eRST, version 4 of the rst files): a tree of discourse units in `.rs4` over the tokens of a `.conllu` of the same name.

An attribution is a satellite with the relation attribution-positive or attribution-negative. Its signals give the source (semantic,
attribution_source) and the cue (lexical); what is under its nucleus, without the satellite, is the content. Positive and negative are
whether the saying took place: a denial is positive. Traps met in the files: the words of `.rs4` are tokens with blanks between, so the
text is that of `.conllu` with SpaceAfter=No and multi-word tokens; an interrupted unit is several under `same-unit`; some attributions are
secondary edges only; the words of reddit are withheld as underscores.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from corpus import ingest
from corpus.formats import xml
from corpus.formats.assembling import Places, Sheet
from corpus.formats.converted import Article, Articles, Converted, Given, Note, distinct, document_id, pseudonym
from corpus.formats.facts import stretches
from corpus.formats.placing import decoded, placed
from corpus.model import Annotator, Document, Polarity, Source
from corpus.problems import CorpusError

GUIDELINES = "1.0"  # of the conversion; the guidelines of GUM have no number
ANNOTATOR = pseudonym("the annotators of GUM")
_POLARITIES: Mapping[str, Polarity] = {"attribution-positive": "positive", "attribution-negative": "negative"}
ONE_IN = 20  # tokens that tree and text may spell otherwise, as in n`t and n't; if more do, one of them is of another text
_WITHHELD = re.compile(r"[_\W]*")
# As the corpus's own LICENSE has it; of the other kinds of text the reader decides.
_OPEN = {"news": "CC-BY-2.5", "interview": "CC-BY-2.5"}


@dataclass(slots=True)
class Tokens:
    """The text of a `.conllu` and the place of every token in it, counted from 1 as the signals of `.rs4` count."""

    text: str = ""
    forms: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    meta: dict[str, str] = field(default_factory=dict)

    def stretches(self, numbers: Iterable[int]) -> Places:
        """Where tokens stand, neighbours joined."""
        runs: list[list[int]] = []
        for number in sorted(set(numbers)):
            if runs and number == runs[-1][-1] + 1:
                runs[-1].append(number)
            else:
                runs.append([number])
        return tuple((self.places[run[0] - 1][0], self.places[run[-1] - 1][1]) for run in runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The nodes of a `.rs4`: parent and relation of each, the tokens of each unit, the signals of each, the secondary edges."""

    parents: Mapping[str, tuple[str | None, str]]
    units: Mapping[str, range]
    signals: Mapping[str, list[Mapping[str, str]]]
    edges: tuple[Mapping[str, str], ...]
    forms: tuple[str, ...]

    def tokens(self, node: str, without: str | None = None) -> set[int]:
        """All tokens under a node, but those under another."""
        children = defaultdict(list)
        for child, (parent, _) in self.parents.items():
            children[parent].append(child)
        found, open_nodes = set(), [node]
        while open_nodes:
            at = open_nodes.pop()
            if at != without:
                found |= set(self.units.get(at, ()))
                open_nodes += children[at]
        return found


def read(path: Path, given: Given) -> Converted:
    """A checkout (rst/rstweb and dep), or any folder with both kinds of files in it or below."""
    checkout = (path / "rst" / "rstweb").is_dir() and (path / "dep").is_dir()
    trees, tokens = (path / "rst" / "rstweb", path / "dep") if checkout else (path, path)
    words = {one.stem: one for one in sorted(tokens.rglob("*.conllu"))}
    pairs = [
        (one, words.get(one.stem, one.with_suffix(".conllu"))) for one in sorted(trees.rglob("*.rs4")) if given.takes(document_id(one.stem))
    ]
    if not pairs:
        raise CorpusError(f"{path} holds no GUM: no .rs4 files there, or none that is asked for")
    distinct([document_id(one.stem) for one, _ in pairs], "GUM")
    there = [pair for pair in pairs if pair[1].is_file()]
    whole = [pair for pair in there if not _is_withheld(pair[1])]
    left = {"document whose words are withheld as underscores": len(there) - len(whole), "tree without tokens": len(pairs) - len(there)}
    who = Annotator(id=ANNOTATOR, kind="human", guidelines=GUIDELINES, model=None, note="the one published reading of GUM's annotators")
    return Converted(
        sources=tuple({one.id: one for one in (_source(pair[0].stem) for pair in whole)}.values()),
        annotators=(who,),
        total=len(whole),
        articles=Articles(_article, ((pair[0].name, pair) for pair in whole)),
        notes=tuple(Note(kind="left_out", what=what, number=number) for what, number in left.items() if number),
    )


def _is_withheld(path: Path) -> bool:
    forms = re.findall(r"(?m)^[0-9]+\t([^\t]+)", path.read_text(encoding="utf-8", errors="replace"))
    return bool(forms) and all(_WITHHELD.fullmatch(form) for form in forms)


def _genre(name: str) -> str:
    return name.lower().split("_")[1] if name.count("_") > 1 else ""


def _source(name: str) -> Source:
    genre = _genre(name)
    return Source(
        id="gum" if genre in ("news", "") else f"gum-{genre}",
        title=f"Georgetown University Multilayer corpus (GUM): {genre or 'texts'}",
        description="Annotations by the GUM team, CC BY 4.0; texts under the licences of where they come from.",
        licence=_OPEN.get(genre, "see the LICENSE of GUM"),
        text="included" if genre in _OPEN else "withheld",
        hydrate=None if genre in _OPEN else {"from": "file"},
        annotation_licence="CC-BY-4.0",
    )


def _article(tree_file: Path, tokens_file: Path) -> Article:
    words = tokens(decoded(tokens_file.read_bytes(), tokens_file.name))
    read = tree(tree_file.read_bytes(), tree_file.name)
    apart = [at for at, (one, two) in enumerate(zip(read.forms, words.forms, strict=False), start=1) if one != two]
    if len(read.forms) != len(words.forms) or len(apart) * ONE_IN > len(words.forms):
        first = apart[0] if apart else min(len(read.forms), len(words.forms)) + 1
        raise CorpusError(f"the tokens of {tree_file.name} and {tokens_file.name} part at token {first}")
    article = document(words, tree_file.stem)
    sheet = Sheet(article, ANNOTATOR, withheld=_source(tree_file.stem).text == "withheld", guidelines=GUIDELINES)
    if apart:
        sheet.note("token that the tree spells otherwise than the text", len(apart), changed=True)
    for node, (parent, relation) in read.parents.items():
        if relation in _POLARITIES and parent is not None:
            _draw(sheet, read, words, node, parent)
    for at, edge in enumerate(read.edges, start=1):
        _keep_edge(sheet, read, words, f"secondary_edge_{at}", edge)
    layer = sheet.layer()
    return Article(document=article, layers=(layer,), extra={ANNOTATOR: sheet.extra()}, notes=sheet.notes())


def document(words: Tokens, name: str) -> Document:
    """The article, with what its head tells."""
    dated = re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", words.meta.get("dateCreated", ""))
    url = words.meta.get("sourceURL", "")
    facts: dict[str, Any] = {
        "outlet": "Wikinews" if "wikinews.org" in url else None,
        "date": dated[0] if dated else None,
        "url": url if re.fullmatch(r'https?://[^\s<>"]{1,1990}', url) else None,
    }
    made = placed(words.text)
    words.places = [made.place(*place) for place in words.places]
    return ingest.document(made.text, id=document_id(name), source=_source(name).id, **facts)


def _draw(sheet: Sheet, read: Tree, words: Tokens, satellite: str, nucleus: str) -> None:
    content = read.tokens(nucleus, without=satellite)
    sources = _signalled(read, satellite, "semantic", "attribution_source")
    cues = _signalled(read, satellite, "lexical")
    hub = sheet.mention("content", words.stretches(content))
    if hub is None:
        return
    source = sheet.mention("source", words.stretches(sources)) if sources else None
    cue = sheet.mention("cue", words.stretches(cues)) if cues else None
    sheet.attribution(hub, [source], [cue], polarity=_POLARITIES[read.parents[satellite][1]])
    sheet.keep(f"a-{hub}", satellite=stretches(sheet.stretches(words.stretches(read.tokens(satellite)))))


def _signalled(read: Tree, node: str, kind: str, subtype: str | None = None) -> set[int]:
    held = [one for one in read.signals.get(node, ()) if one.get("type") == kind and subtype in (None, one.get("subtype"))]
    return {int(number) for one in held for number in one.get("tokens", "").split(",") if number}


def _keep_edge(sheet: Sheet, read: Tree, words: Tokens, name: str, edge: Mapping[str, str]) -> None:
    """An attribution that is a secondary edge only is kept beside the layer: it crosses the tree that contents are read from."""
    if edge.get("relname") in _POLARITIES:
        sheet.note("attribution that is a secondary edge only: kept in extra", changed=True)
        parts = {part: words.stretches(read.tokens(edge[end])) for part, end in (("satellite", "source"), ("nucleus", "target"))}
        sheet.keep("document", **{name: edge["relname"]}, **{f"{name}.{part}": stretches(places) for part, places in parts.items()})


def tree(data: bytes, name: str) -> Tree:
    """The nodes of a `.rs4`."""
    root = xml.root(data, name)
    parents: dict[str, tuple[str | None, str]] = {}
    units: dict[str, range] = {}
    forms: list[str] = []
    for node in (*root.iter("segment"), *root.iter("group")):
        parents[node.get("id", "")] = node.get("parent"), node.get("relname", "")
        if node.tag == "segment":
            held = (node.text or "").split()
            units[node.get("id", "")] = range(len(forms) + 1, len(forms) + len(held) + 1)
            forms += held
    signals: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for one in root.iter("signal"):
        signals[one.get("source", "")].append(dict(one.items()))
    return Tree(parents=parents, units=units, signals=signals, edges=tuple(_edges(root)), forms=tuple(forms))


def _edges(root: Element) -> Iterator[Mapping[str, str]]:
    return (dict(one.items()) for one in root.iter("secedge"))


def tokens(words: str) -> Tokens:
    """The text of a `.conllu`: sentences joined by a blank, paragraphs by a line end."""
    found = Tokens()
    for block in re.split(r"\n\s*\n", words.strip("\n")):
        lines = block.split("\n")
        heads = [line for line in lines if line.startswith("#")]
        found.meta |= dict(line[8:].split(" = ", 1) for line in heads if line.startswith("# meta::") and " = " in line)
        rows = [cells for line in lines if not line.startswith("#") and len(cells := line.split("\t")) == 10]
        if rows and found.text:
            found.text = found.text.rstrip(" ") + ("\n" if any(re.match(r"# newpar\b(?!_)", head) for head in heads) else " ")
        _take_sentence(found, rows)
    found.text = found.text.rstrip(" ") + "\n"
    return found


def _take_sentence(found: Tokens, rows: list[list[str]]) -> None:
    """Its tokens one after the other; those of a multi-word token share its letters, or all of it where they are spelled otherwise."""
    until, start, spelled = 0, 0, ""
    for id, form, *_, misc in rows:
        if "." in id:
            continue  # an empty node stands for no word
        if "-" in id:
            first, last = map(int, id.split("-"))
            inner = [cells[1] for cells in rows if cells[0].isdigit() and first <= int(cells[0]) <= last]
            until, spelled = last, form if "".join(inner) == form else ""
            start = len(found.text)
            found.text += form + ("" if "SpaceAfter=No" in misc else " ")
            at = start
            for piece in inner:
                found.places.append((at, at + len(piece)) if spelled else (start, start + len(form)))
                found.forms.append(piece)
                at += len(piece)
        elif int(id) > until:
            found.forms.append(form)
            found.places.append((len(found.text), len(found.text) + len(form)))
            found.text += form + ("" if "SpaceAfter=No" in misc else " ")
