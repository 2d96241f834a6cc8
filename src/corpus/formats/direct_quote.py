"""DirectQuote (Zhang and Liu 2021): paragraphs in columns with IOB1 tags, whose labels say on which side of a quotation its speaker stands.

LeftSpeaker and RightSpeaker are quotations whose speaker is the nearest one marked before or after, Unknown those without. A paragraph is a
document, for the file names none; its text is the tokens with blanks between.
"""

from collections.abc import Iterator
from pathlib import Path

from corpus import ingest
from corpus.formats.assembling import Places, Sheet
from corpus.formats.bio import rows, stretches
from corpus.formats.brat_plain import GUIDELINES
from corpus.formats.converted import Article, Articles, Converted, Given, pseudonym
from corpus.formats.placing import decoded, placed
from corpus.model import Annotator, Source
from corpus.problems import CorpusError

ANNOTATOR = pseudonym("the annotators of DirectQuote")
SOURCE = Source(
    id="directquote", title="DirectQuote", text="withheld", hydrate={"from": "file"}, licence="none given; for your own use only",
    annotation_licence="none given; for your own use only",
    description="Direct quotations in paragraphs of thirteen English-language outlets, 2020 to 2021 (Zhang and Liu 2021).",
)  # fmt: skip
_QUOTES = ("LeftSpeaker", "RightSpeaker", "Unknown")
_OUT = ("O", "Out")


def read(path: Path, given: Given) -> Converted:
    """A checkout (data/*.txt), a folder of .txt files, or one file."""
    folder = path / "data" if (path / "data").is_dir() else path
    files = [path] if path.is_file() else sorted(folder.glob("*.txt"))
    paragraphs = [one for file in files for one in _paragraphs(decoded_whole(file), file.name)]
    if not paragraphs:
        raise CorpusError(f"{path} holds no columns of tokens and tags")
    named = [(id, one) for at, one in enumerate(paragraphs, start=1) if given.takes(id := f"directquote_{at:05d}")]
    who = Annotator(id=ANNOTATOR, kind="human", guidelines=GUIDELINES, model=None, note="the published reading of DirectQuote")
    return Converted(
        sources=(SOURCE,), annotators=(who,), total=len(named), articles=Articles(_article, ((id, (id, *one)) for id, one in named))
    )


def decoded_whole(file: Path) -> str:
    """The one file holds the whole corpus, more than the largest article."""
    return decoded(file.read_bytes(), file.name, largest=None)


def _paragraphs(whole: str, name: str) -> Iterator[tuple[list[str], list[str]]]:
    tokens: list[str] = []
    tags: list[str] = []
    for row in (*rows(whole), []):
        if len(row) > 1 and not row[0].startswith("-DOCSTART-"):
            tokens.append(row[0])
            tags.append(_tag(row[-1], name))
        elif tokens:
            yield tokens, tags
            tokens, tags = [], []


def _tag(tag: str, name: str) -> str:
    mark, _, kind = tag.rpartition("-")
    if tag in _OUT:
        return "O"
    if kind not in (*_QUOTES, "Speaker") or mark not in ("", "B", "I"):
        raise CorpusError(f"{name} has the tag {tag!r}, which DirectQuote does not")
    return f"{mark or 'I'}-{kind}"


def _article(id: str, tokens: list[str], tags: list[str]) -> Article:
    whole = " ".join(tokens)
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token) + 1)
    words = placed(whole)
    places = [words.place(start, start + len(token)) for start, token in zip(starts, tokens, strict=False)]
    document = ingest.document(words.text, id=id, source=SOURCE.id)
    sheet = Sheet(document, ANNOTATOR, withheld=True, guidelines=GUIDELINES)
    marks = [*stretches(tags, places)]
    speakers = [one for kind, one in marks if kind == "Speaker"]
    for kind, one in marks:
        if kind in _QUOTES:
            _draw(sheet, kind, one, speakers)
    loose = len(speakers) - sum(sheet.known("source", one) is not None for one in speakers)
    if loose:
        sheet.note("speaker of no quotation", loose)
    return Article(document=document, layers=(sheet.layer(),), notes=sheet.notes())


def _draw(sheet: Sheet, kind: str, quote: Places, speakers: list[Places]) -> None:
    before = [one for one in speakers if one[0][1] <= quote[0][0]]
    after = [one for one in speakers if one[0][0] >= quote[0][1]]
    speaker = before[-1:] if kind == "LeftSpeaker" else after[:1] if kind == "RightSpeaker" else []
    hub = sheet.mention("content", quote)
    if hub is not None:
        sheet.attribution(hub, [sheet.mention("source", one) for one in speaker], quote_type="direct")
        if kind != "Unknown" and not speaker:
            sheet.note(f"{kind} without a speaker on that side")
