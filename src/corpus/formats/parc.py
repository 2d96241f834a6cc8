"""PARC 3.0 (Pareti 2012, 2016): attributions on the words of Penn Treebank trees, an XML file for each article of the Wall Street Journal.

A word says in its element which attributions it is part of, and as what. Words of one role that follow each other are a piece. The text is
that of PTB or PDTB where it lies beside (a file of the same name, with or without .txt, in the folder or in one named raw or text), whose
first nine characters are no part of it; else it is put together from the words and their places. Traps: ByteCount is off by one for some
words; words are escaped as in PTB (-LRB-, ``); an id with _Nested_ is an attribution within another.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from corpus import ingest
from corpus.formats import xml
from corpus.formats.assembling import Places, Sheet
from corpus.formats.brat_plain import GUIDELINES
from corpus.formats.converted import Article, Articles, Converted, Given, distinct, document_id, pseudonym
from corpus.formats.placing import Placing, decoded, placed
from corpus.model import Annotator, Source
from corpus.problems import CorpusError

ANNOTATOR = pseudonym("the annotators of PARC")
SOURCE = Source(
    id="parc", title="PARC 3.0", text="withheld", hydrate={"from": "file"},
    licence="by request from its author; texts under the licence of the LDC", annotation_licence="by request from its author",
    description="Attribution relations over the Penn Treebank (Pareti 2016), on articles of the Wall Street Journal.",
)  # fmt: skip
PREFIX = 9  # characters at the head of a PTB file: ".START" and line ends
_ESCAPES = {"-LRB-": "(", "-RRB-": ")", "-LCB-": "{", "-RCB-": "}", "-LSB-": "[", "-RSB-": "]", "``": '"', "''": '"'}
_PARTS = ("train", "dev", "test")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word with its place in the file of PTB, and (attribution, role) for each that it is part of."""

    form: str
    start: int
    end: int
    roles: tuple[tuple[str, str], ...]


def read(path: Path, given: Given) -> Converted:
    """All .xml files of a folder."""
    files = {one: id for one in sorted(path.rglob("*.xml")) if given.takes(id := document_id(_stem(one)))}
    if not files:
        raise CorpusError(f"{path} holds no .xml files of PARC")
    distinct([*files.values()], "PARC")
    texts = _texts(path, {_stem(one) for one in files})
    who = Annotator(id=ANNOTATOR, kind="human", guidelines=GUIDELINES, model=None, note="the published reading of PARC 3.0")
    return Converted(
        sources=(SOURCE,),
        annotators=(who,),
        total=len(files),
        articles=Articles(_article, ((one.name, (one, id, texts.get(_stem(one)))) for one, id in files.items())),
    )


def _stem(path: Path) -> str:
    return path.name.partition(".")[0]


def _texts(root: Path, names: set[str]) -> dict[str, Path]:
    return {_stem(one): one for one in sorted(root.rglob("*")) if one.is_file() and one.suffix in ("", ".txt") and _stem(one) in names}


def _article(path: Path, id: str, beside: Path | None) -> Article:
    words = list(_words(xml.root(path.read_bytes(), path.name), path.name))
    whole = _put_together(words) if beside is None else decoded(beside.read_bytes(), beside.name)
    made, places, moved = _placed(words, whole, path.name)
    document = ingest.document(made.text, id=id, source=SOURCE.id, outlet="The Wall Street Journal")
    sheet = Sheet(document, ANNOTATOR, withheld=True, guidelines=GUIDELINES)
    if beside is None:
        sheet.note("text put together from its words, for the original does not lie beside", changed=True)
    if moved:
        sheet.note("words whose ByteCount is off by one", moved, changed=True)
    sheet.keep("document", part=path.parent.name if path.parent.name in _PARTS else None)
    for name, roles in _attributions(words).items():
        _draw(sheet, name, {role: _pieces(numbers, places) for role, numbers in roles.items()})
    return Article(document=document, layers=(sheet.layer(),), extra={ANNOTATOR: sheet.extra()}, notes=sheet.notes())


def _words(root: Element, name: str) -> Iterator[Word]:
    for one in root.iter():
        if one.tag.upper() != "WORD":
            continue
        found = re.fullmatch(r"\s*(\d+)\s*,\s*(\d+)\s*", one.get("ByteCount", ""))
        if found is None:
            raise CorpusError(f"a word of {name} has no ByteCount, so its place is not known")
        yield Word(form=one.get("text", ""), start=int(found[1]), end=int(found[2]), roles=tuple(_roles(one)))


def _roles(word: Element) -> Iterator[tuple[str, str]]:
    for one in word:
        if one.tag.lower() == "attribution":
            yield from ((one.get("id", ""), role.get("roleValue", "")) for role in one if role.tag.lower() == "attributionrole")


def _plain(form: str) -> str:
    return _ESCAPES.get(form, form).replace("\\/", "/").replace("\\*", "*")


def _put_together(words: list[Word]) -> str:
    """Words at their places, blanks between; as PTB has it, with the prefix."""
    whole = ""
    for one in sorted(words, key=lambda one: one.start):
        gap = max(one.start - len(whole), 0)
        whole += ("\n" if gap > 1 and whole else " ") * gap + _plain(one.form).ljust(one.end - one.start)[: max(one.end - one.start, 0)]
    return whole


def _placed(words: list[Word], whole: str, name: str) -> tuple[Placing, list[tuple[int, int]], int]:
    """The text without its head, where each word stands in it, and how many stood one character from where the file says."""
    made = placed(whole[PREFIX:])
    places, moved, wrong = [], 0, 0
    for one in words:
        start, end = one.start - PREFIX, one.end - PREFIX
        shift = next((by for by in (0, 1, -1) if _says(whole[PREFIX:], start + by, end + by, one.form)), None)
        wrong += shift is None
        moved += bool(shift)
        places.append(made.place(*(max(0, min(at + (shift or 0), made.length)) for at in (start, end))))
    if wrong > max(3, len(words) // 50):
        raise CorpusError(f"{wrong} of {len(words)} words of {name} do not stand where their ByteCount says; is this the text of PTB?")
    return made, places, moved


def _says(whole: str, start: int, end: int, form: str) -> bool:
    return start >= 0 and whole[start:end] in (form, _plain(form))


def _attributions(words: list[Word]) -> dict[str, dict[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, one in enumerate(words):
        for name, role in one.roles:
            found[name][role].append(number)
    return found


def _pieces(numbers: Iterable[int], places: list[tuple[int, int]]) -> Places:
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return tuple((places[run[0]][0], places[run[-1]][1]) for run in runs)


def _draw(sheet: Sheet, name: str, roles: dict[str, Places]) -> None:
    content = roles.get("content", ())
    if not content:
        sheet.note("attribution without content: its cue marked as the content", changed=True)
        content = roles.get("cue") or roles.get("source") or ()
    hub = sheet.mention("content", content)
    if hub is None:
        return
    parts = [[sheet.mention(label, places)] if (places := roles.get(label, ())) else [] for label in ("source", "cue")]
    said = sheet.attribution(hub, *parts)
    sheet.keep(said, parc_id=name, nested=True if "_Nested_" in name else None)
