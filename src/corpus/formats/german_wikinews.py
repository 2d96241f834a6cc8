"""Quotation attribution in German Wikinews (Petersen-Frey and Biemann, LREC-COLING 2024): one JSON file a document, offsets in code points.

Quote, speaker and cue become content, source and cue. The kind of quotation becomes quote_type where it has a counterpart; it, the medium,
the addressee, the frame and what is said of nesting are kept in extra as they are. Traps met in the files: names of files hold blanks,
quotation marks and colons; a role nobody filled is an object without spans; `sentences[].text` ends in a blank that `charEnd` does not
count; `isNested` is not containment, so it becomes no link; several quotations may stand on the same words.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus import codec, ingest, text
from corpus.formats.assembling import Places, Sheet
from corpus.formats.converted import Article, Articles, Converted, Given, distinct, document_id, pseudonym
from corpus.formats.facts import stretches
from corpus.formats.placing import Placing, placed
from corpus.model import Annotator, Document, QuoteType, Source
from corpus.problems import CorpusError

GUIDELINES = "1.0"  # of the conversion; theirs have no number
ANNOTATOR = pseudonym("the annotators of German Wikinews quotations")
SOURCE = Source(
    id="german-wikinews",
    title="Quotation attribution in German Wikinews, 2024",
    description="Articles of the German Wikinews, annotated by Petersen-Frey and Biemann (LREC-COLING 2024).",
    licence="CC-BY-NC-SA-4.0",
    annotation_licence="CC-BY-NC-SA-4.0",
    text="withheld",
    hydrate={"from": "file"},
)
# Free forms report in other words than a quotation would; theirs are kept in extra.
_TYPES: Mapping[str, QuoteType] = {
    "Direct": "direct", "Indirect": "indirect", "Reported": "reported", "FreeIndirect": "indirect", "IndirectFreeIndirect": "indirect",
}  # fmt: skip
_BESIDE = ("type", "medium", "isNested", "hasNested")
_PARTS = ("train", "dev", "test")
_NAME = re.compile(r"([0-9]+) - (.*?)(?: \(([0-9]{4}-[0-9]{2}-[0-9]{2})\))?")


def read(path: Path, given: Given) -> Converted:
    """A checkout (data/train, dev and test), or one folder of JSON files."""
    data = path / "data" if (path / "data").is_dir() else path
    folders = [data / part for part in _PARTS if (data / part).is_dir()] or [data]
    files = {one: id for one, id in _ids([one for folder in folders for one in sorted(folder.glob("*.json"))]) if given.takes(id)}
    if not files:
        raise CorpusError(f"{path} holds no .json files, nor do data/train, data/dev and data/test in it")
    distinct([*files.values()], "German Wikinews")
    who = Annotator(
        id=ANNOTATOR, kind="human", guidelines=GUIDELINES, model=None, note="two annotators and a curator, the published reading"
    )
    return Converted(
        sources=(SOURCE,),
        annotators=(who,),
        total=len(files),
        articles=Articles(_article, ((one.name, (one, id)) for one, id in files.items())),
    )


def _ids(files: list[Path]) -> Iterator[tuple[Path, str]]:
    """By the number of the article, which starts the file's name; titles are long and hold what no path may."""
    numbers = {one: found[0] if (found := re.match(r"[0-9]+", one.name)) else "" for one in files}
    often = Counter(numbers.values())
    for one, number in numbers.items():
        yield one, f"wikinews-de_{number}" if number and often[number] == 1 else document_id(f"wikinews-de_{one.name.partition('.')[0]}")


def _article(path: Path, id: str) -> Article:
    value, problems = codec.read_json(path.read_bytes(), path.name, largest=None)
    if problems or not isinstance(value, dict) or not isinstance(value.get("originalText"), str):
        raise CorpusError(f"{path.name} is no document of the corpus: {problems[0].message if problems else 'originalText is missing'}")
    words = placed(value["originalText"])
    article = _document(value.get("documentName", ""), words, id)
    sheet = Sheet(article, ANNOTATOR, withheld=True, guidelines=GUIDELINES)
    tokens = [token for one in value.get("sentences", ()) for token in one.get("tokens", ())]
    for one in value.get("annotations", ()):
        _draw(sheet, one, words, tokens, f"quotation {one.get('id')} of {id}")
    part = path.parent.name if path.parent.name in _PARTS else None
    sheet.keep("document", part=part, title=_title(value.get("documentName", "")) or None)
    layer = sheet.layer()
    return Article(document=article, layers=(layer,), extra={ANNOTATOR: sheet.extra()}, notes=sheet.notes())


def _document(name: str, words: Placing, id: str) -> Document:
    found = _NAME.fullmatch(name)
    facts: dict[str, Any] = {"outlet": "Wikinews", "date": found[3] if found else None}
    return ingest.document(words.text, id=id, source=SOURCE.id, language="de", **facts)


def _title(name: str) -> str:
    found = _NAME.fullmatch(name)
    return found[2] if found else name


def _draw(sheet: Sheet, one: Mapping[str, Any], words: Placing, tokens: Sequence[str], where: str) -> None:
    held = {
        role: _places(one.get(role), words, tokens, f"the {role} of {where}") for role in ("quote", "speaker", "cue", "addressee", "frame")
    }
    hub = sheet.mention("content", held["quote"])
    if hub is None:
        return
    source = sheet.mention("source", held["speaker"]) if held["speaker"] else None
    cue = sheet.mention("cue", held["cue"]) if held["cue"] else None
    said = sheet.attribution(hub, [source], [cue], quote_type=_TYPES.get(str(one.get("type"))))
    sheet.keep(said, **{name: one.get(name) for name in _BESIDE})
    sheet.keep(said, **{role: stretches(sheet.stretches(held[role])) for role in ("addressee", "frame")})


def _places(role: Any, words: Placing, tokens: Sequence[str], where: str) -> Places:
    """Where a role stands; its words, which the file joins with blanks in the order of marking, are those that stand there.

    Of a role in pieces its tokens may say it as well.
    """
    spans = role.get("spans", []) if isinstance(role, dict) else []
    places = words.places((one["charBegin"], one["charEnd"]) for one in spans)
    stands = _bare("".join(words.text[start:end] for start, end in places))
    if spans and sorted(_bare(role.get("text", ""))) != sorted(stands):
        said = "".join(tokens[at] for at in role.get("tokenIds", ()))
        if len(spans) < 2 or sorted(_bare(said)) != sorted(stands):
            raise CorpusError(f"{where} does not say what stands at its offsets")
    return places


def _bare(words: str) -> str:
    return re.sub(r"\s+", "", text.normal_form(words))
