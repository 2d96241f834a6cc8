"""Stance pairs as in RumourEval: a table of a post, a reply and whether the reply supports, denies, queries or comments on it.

A post becomes a claim of the registry that asserts it, and a reply that denies or supports it a member of that claim; what queries or
comments takes no stance and is kept in extra. Each text is marked whole, for the table marks no words. The claim is worded by its number
alone: the registry has claims in words of its own, and the post's are those of its writer.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus import codec, ingest
from corpus.formats import rumoureval
from corpus.formats.assembling import Sheet
from corpus.formats.brat_plain import GUIDELINES, annotator_of, source_of
from corpus.formats.converted import Article, Converted, Given, of_taken, pseudonym
from corpus.formats.placing import decoded, placed
from corpus.model import AnnotationSet, Document, Label, Member, RegisteredClaim, Source, Stance
from corpus.problems import CorpusError

ANNOTATOR = "stance-pairs"
_POST, _REPLY, _LABEL = ("source_text", "claim", "headline"), ("reply_text", "text", "reply", "body"), ("label", "stance")
_NUMBERS = dict(zip("0123", ("support", "query", "deny", "comment"), strict=True))  # as the labels of RumourEval 2019 are numbered
_STANCES: Mapping[str, tuple[Stance, Label]] = {
    **dict.fromkeys(("support", "agree", "for", "affirm"), ("affirms", "claim")),
    **dict.fromkeys(("deny", "disagree", "against", "refute"), ("denies", "denial")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A row of the table."""

    post: str
    reply: str
    label: str


def read(path: Path, given: Given) -> Converted:
    """One .csv, .tsv, .json or .jsonl file, or a folder of threads with their keys as RumourEval 2019 gives them out."""
    rows = rumoureval.rows(path) if path.is_dir() else _rows(path)
    pairs = [_pair(row, path.name, at) for at, row in enumerate(rows, start=1)]
    source = source_of(given, "stance-pairs")
    who = annotator_of(ANNOTATOR, "stance-pairs")
    posts = {post: f"{source.id}_post-{at:05d}" for at, post in enumerate(dict.fromkeys(one.post for one in pairs), start=1)}
    made = [(f"{source.id}_reply-{at:05d}", one) for at, one in enumerate(pairs, start=1)]
    registry = [_claim(source, posts[post], post, [(id, one) for id, one in made if one.post == post]) for post in posts]
    return Converted(
        sources=(source,),
        annotators=(who,),
        total=len(posts) + len(made),
        articles=_articles(posts, made, source, given),
        registry=of_taken(registry, given),
    )


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    words = decoded(path.read_bytes(), path.name, largest=None)
    if path.suffix in (".json", ".jsonl"):
        text = words if path.suffix == ".json" else f"[{','.join(line for line in words.split(chr(10)) if line.strip())}]"
        value, problems = codec.read_json(text.encode("utf-8"), path.name, largest=None)
        if problems or not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise CorpusError(f"{path.name} is no list of objects")
        yield from value
    else:
        yield from csv.DictReader(io.StringIO(words, newline=""), delimiter="\t" if path.suffix == ".tsv" else ",")


def _pair(row: Mapping[str, object], name: str, at: int) -> Pair:
    found = [next((str(row[one]) for one in names if row.get(one) not in (None, "")), None) for names in (_POST, _REPLY, _LABEL)]
    if found[0] is None or found[1] is None or found[2] is None:
        raise CorpusError(f"row {at} of {name} lacks a post ({_POST[0]}), a reply ({_REPLY[0]}) or a label ({_LABEL[0]})")
    label = found[2].strip().lower()
    return Pair(post=found[0], reply=found[1], label=_NUMBERS.get(label, label))


def _articles(posts: Mapping[str, str], made: list[tuple[str, Pair]], source: Source, given: Given) -> Iterator[Article]:
    for post, id in posts.items():
        if given.takes(id):
            yield _article(_document(post, id, source, given), "claim", source, {})
    for id, one in made:
        if given.takes(id):
            _, label = _STANCES.get(one.label, (None, None))
            yield _article(_document(one.reply, id, source, given), label, source, {"stance": one.label, "replies_to": posts[one.post]})


def _document(words: str, id: str, source: Source, given: Given) -> Document:
    if not words.strip():
        raise CorpusError(f"the text numbered {id.rpartition('-')[2]} holds no words")
    return ingest.document(placed(words).text, id=id, source=source.id, language=given.language or "en")


def _article(document: Document, label: Label | None, source: Source, told: Mapping[str, str]) -> Article:
    who = pseudonym(ANNOTATOR)
    layer, sheet = _marked(document, label, source)
    if told and label is None:
        sheet.note("reply that takes no stance: kept in extra", changed=True)
    sheet.keep("document", **told)
    return Article(document=document, layers=(layer,), extra={who: sheet.extra()} if told else {}, notes=sheet.notes())


def _marked(document: Document, label: Label | None, source: Source) -> tuple[AnnotationSet, Sheet]:
    sheet = Sheet(document, pseudonym(ANNOTATOR), withheld=source.text == "withheld", guidelines=GUIDELINES)
    if label is not None:
        sheet.mention(label, [(0, document.length)], "m1")
    return sheet.layer(), sheet


def _claim(source: Source, post: str, words: str, replies: list[tuple[str, Pair]]) -> RegisteredClaim:
    taken = [(id, one.reply, _STANCES[one.label][0]) for id, one in replies if one.label in _STANCES]
    stances: list[tuple[str, str, Stance]] = [(post, words, "asserts"), *taken]
    return RegisteredClaim(
        id=post.replace("_", "-"),
        statement=f"What the post numbered {int(post.rpartition('-')[2])} of {source.id} claims",
        members=tuple(sorted(_member(id, text, source, stance) for id, text, stance in stances)),
    )


def _member(id: str, words: str, source: Source, stance: Stance) -> Member:
    document = ingest.document(placed(words).text, id=id, source=source.id)
    layer, _ = _marked(document, "denial" if stance == "denies" else "claim", source)
    return Member(document=id, mention="m1", check=layer.mentions[0].spans[0].check, stance=stance)
