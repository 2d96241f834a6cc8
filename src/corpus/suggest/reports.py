"""Every report of a text: a cue, its sources, what is reported; from verbs, nouns, "according to", adverbs and quotation marks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from corpus.suggest import clauses
from corpus.suggest.lexicon import ADVERBS, NOUNS, OF_A_DEED, SAYING_NOTHING, VERBS, WITHHOLD, Kind
from corpus.suggest.quotation import clean, joined, quotations, without
from corpus.suggest.words import Parse, Stretch

SHORT = 3  # words; fewer between marks are seldom speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report found at a word: stretches of the cue, of each source and of the hub, in code points. `whole` quotations stand in it."""

    at: int
    kind: Kind
    cue: tuple[Stretch, ...]
    sources: tuple[tuple[Stretch, ...], ...]
    hub: tuple[Stretch, ...]
    withheld: bool = False
    core: int | None = None
    quoted: tuple[Stretch, ...] = field(default=())


def reports(parse: Parse) -> list[Report]:
    """All of them, in the order of the text."""
    marks = [one for one in quotations(parse.text) if _speech(parse, one)]
    found = [*_of_verbs(parse), *_of_nouns(parse), *_according(parse), *_adverbs(parse)]
    found = _with_quotations(parse, found, marks)
    finished = (_finished(parse.text, one) for one in found)
    return sorted((one for one in finished if one.hub), key=lambda one: (one.hub[0], one.at))


def _of_verbs(parse: Parse) -> Iterator[Report]:
    for at, word in enumerate(parse.words):
        kind = VERBS.get(parse.lemma(at))
        head = clauses.upper(parse, at)
        withheld = head != at and parse.lemma(head) in WITHHOLD and parse.lemma(at) in {*SAYING_NOTHING, *VERBS}
        if parse.lemma(at) == "comment" and (withheld or parse.those(at, "neg")):
            kind = "say"
        if kind is None or word.pos not in ("VERB", "AUX") or word.dep in ("amod", "compound") or _wish(parse, at):
            continue
        hub, extra = clauses.reported(parse, at, kind)
        cue = [*clauses.cue(parse, at), *extra]
        said = clauses.sources(parse, head if withheld else at)
        if _own_thought(parse, at, kind):
            continue
        yield Report(
            at=at, kind=kind, cue=tuple(parse.runs(cue)), sources=tuple(tuple(parse.runs(one)) for one in said),
            hub=tuple(parse.runs(set(hub) - set(cue))), withheld=withheld, core=_core(parse, at),
        )  # fmt: skip


def _core(parse: Parse, verb: int) -> int | None:
    """The word that the reported clause is built on."""
    found = parse.those(verb, "ccomp") or parse.those(verb, "xcomp")
    if found:
        return found[0]
    return parse.words[verb].head if parse.words[verb].dep == "parataxis" else None


def _wish(parse: Parse, at: int) -> bool:
    """An infinitive that nobody has spoken yet: "plans to say"."""
    head = parse.words[at].head
    to = any(parse.lemma(one) == "to" for one in parse.those(at, "aux"))
    return to and parse.words[at].dep in ("xcomp", "advcl", "acl") and parse.lemma(head) not in {*WITHHOLD, "go", "continue", *VERBS}


def _own_thought(parse: Parse, at: int, kind: Kind) -> bool:
    """The speaker's own present thought is no report of its own (rule 2.10): "I think it broke"."""
    subject = parse.those(at, "nsubj")
    return kind == "think" and bool(subject) and parse.words[subject[0]].text.lower() in ("i", "we", "you")


def _of_nouns(parse: Parse) -> Iterator[Report]:
    """A noun of saying with "that", or with "of" and a deed (rule 1.8 e)."""
    for at, word in enumerate(parse.words):
        kind = NOUNS.get(parse.lemma(at))
        if kind is None or word.pos != "NOUN":
            continue
        hub = [one for one in parse.those(at, "acl") if one > at and parse.words[one].tag != "VBG" and _says(parse, one)]
        if not hub and (kind == "accuse" or parse.lemma(at) in OF_A_DEED):
            hub = [one for one in parse.those(at, "prep") if parse.lemma(one) == "of"]
        if not hub:
            continue
        owner = parse.those(at, "poss") or [
            one for by in parse.those(at, "prep") if parse.lemma(by) in ("by", "from") for one in parse.those(by, "pobj")
        ]
        said = tuple(tuple(parse.runs(words)) for one in owner for words in clauses.phrases(parse, one, at))
        yield Report(
            at=at, kind=kind, cue=((word.start, word.end),), sources=said,
            hub=tuple(parse.runs(one for head in hub for one in parse.subtree(head))), core=hub[0],
        )  # fmt: skip


def _says(parse: Parse, at: int) -> bool:
    return any(parse.lemma(one) == "that" for one in parse.those(at, "mark")) or any(
        parse.lemma(one) == "to" for one in parse.those(at, "aux")
    )


def _according(parse: Parse) -> Iterator[Report]:
    """The words "according to" with the clause that they hang on."""
    for at, word in enumerate(parse.words):
        after = parse.those(at, "prep")
        if word.text.lower() != "according" or not after or parse.lemma(after[0]) != "to":
            continue
        whom = parse.those(after[0], "pobj")
        said = tuple(tuple(parse.runs(words)) for one in whom for words in clauses.phrases(parse, one, at))
        clause = _clause_of(parse, at)
        hub = parse.subtree(clause, [at]) if clause != at else []
        yield Report(
            at=at, kind="say", cue=((word.start, parse.words[after[0]].end),), sources=said, hub=tuple(parse.runs(hub)), core=clause
        )


def _adverbs(parse: Parse) -> Iterator[Report]:
    for at, word in enumerate(parse.words):
        if parse.lemma(at) in ADVERBS and word.dep == "advmod":
            clause = _clause_of(parse, at)
            hub = parse.subtree(clause, [at])
            yield Report(at=at, kind="say", cue=((word.start, word.end),), sources=(), hub=tuple(parse.runs(hub)), core=clause)


def _clause_of(parse: Parse, at: int) -> int:
    """The nearest verb above a word."""
    seen = 0
    while parse.words[at].head != at and seen < 50:
        at, seen = parse.words[at].head, seen + 1
        if parse.words[at].pos in ("VERB", "AUX"):
            break
    return at


def _speech(parse: Parse, mark: Stretch) -> bool:
    inside = [word for word in parse.words if mark[0] <= word.start and word.end <= mark[1] and word.pos not in ("PUNCT", "SPACE")]
    broken_off = parse.text[mark[1] - 1] == "," or parse.text[mark[1] + 1 : mark[1] + 2] == ","
    return len(inside) >= SHORT or broken_off or any(word.pos in ("VERB", "AUX", "INTJ") for word in inside)


def _with_quotations(parse: Parse, found: Sequence[Report], marks: Sequence[Stretch]) -> list[Report]:
    """Each quotation to the report that it belongs to; one without goes on the one before it, or starts a report without a cue."""
    held = list(found)
    last: tuple[int, Stretch] | None = None
    for mark in marks:
        nth = _speaker(parse, held, mark, marks)
        if nth is not None:
            held[nth] = replace(held[nth], quoted=(*held[nth].quoted, mark))
            last = nth, mark
            continue
        if last is None or not _alone(parse, mark):
            continue
        before = held[last[0]]
        if _follows(parse, before, last[1], mark):
            held[last[0]] = replace(before, quoted=(*before.quoted, mark))
        else:
            held.append(
                Report(at=_first(parse, mark), kind="say", cue=(), sources=before.sources, hub=(), quoted=(mark,), core=_head(parse, mark))
            )
            last = len(held) - 1, mark
            continue
        last = last[0], mark
    return held


def _speaker(parse: Parse, held: Sequence[Report], mark: Stretch, marks: Sequence[Stretch]) -> int | None:
    """The report with its cue outside the marks, in a sentence that the quotation begins or ends in, that is nearest to it."""
    sentences = {word.sentence for word in parse.words if mark[0] <= word.start < mark[1]}
    sentences = {min(sentences), max(sentences)} if sentences else set()
    likely = []
    for nth, one in enumerate(held):
        word = parse.words[one.at]
        apart = word.start - mark[1] if word.start >= mark[1] else mark[0] - word.end
        between = parse.text[mark[1] : word.start] if word.start >= mark[1] else parse.text[word.end : mark[0]]
        near = word.sentence in sentences or (0 <= apart < 60 and "\n" not in between and not _broken(between))
        if apart < 0 or not near or one.kind == "accuse" or not (one.cue and (one.hub or one.sources)):
            continue
        shares = any(start < mark[1] and mark[0] < end for start, end in one.hub)
        if shares or one.quoted or all(any(start < b and a < end for a, b in marks) for start, end in one.hub):
            likely.append((not shares, apart, nth))
    return min(likely)[2] if likely else None


def _broken(between: str) -> bool:
    return any(sign in between for sign in ".!?")


def _alone(parse: Parse, mark: Stretch) -> bool:
    """Whether the quotation is all of the sentences it stands in."""
    inside = {word.sentence for word in parse.words if mark[0] <= word.start < mark[1]}
    around = [word for word in parse.words if word.sentence in inside and not mark[0] <= word.start < mark[1]]
    return all(word.pos in ("PUNCT", "SPACE") for word in around)


def _follows(parse: Parse, before: Report, last: Stretch, mark: Stretch) -> bool:
    """Straight after the sentence of the cue, on the same line, and no mark was left open between them."""
    between = parse.text[last[1] : mark[0]]
    sentence = next((word.sentence for word in parse.words if word.start >= mark[0]), -1)
    cue = parse.words[before.at].sentence
    return bool(before.cue) and "\n" not in between and sentence - cue == 1 and last[1] < parse.words[before.at].start


def _first(parse: Parse, mark: Stretch) -> int:
    return next((at for at, word in enumerate(parse.words) if word.start >= mark[0]), 0)


def _head(parse: Parse, mark: Stretch) -> int | None:
    return next((at for at, word in enumerate(parse.words) if mark[0] <= word.start < mark[1] and word.dep == "ROOT"), None)


def _finished(text: str, one: Report) -> Report:
    """Edges cleaned; cue and sources, where they interrupt it, cut out of the hub; what is quoted laid to it."""
    beside = [*one.cue, *(piece for source in one.sources for piece in source if not _within(piece, one.quoted))]
    if one.quoted and not any(start < mark[1] and mark[0] < end for mark in one.quoted for start, end in one.hub):
        hub = list(one.quoted)
    else:
        hub = [*without(one.hub, beside), *one.quoted]
    inside = _bridged(text, joined(hub), beside)
    return replace(one, hub=tuple(_cleaned(text, inside)), cue=tuple(_cleaned(text, one.cue)), sources=_sources(text, one))


def _sources(text: str, one: Report) -> tuple[tuple[Stretch, ...], ...]:
    return tuple(found for source in one.sources if (found := tuple(_cleaned(text, _bridged(text, joined(source), one.cue)))))


def _bridged(text: str, pieces: Sequence[Stretch], beside: Iterable[Stretch]) -> list[Stretch]:
    """Nothing but a source, a cue or words about the saying interrupts (rule 1.4): gaps without them are closed."""
    cuts = sorted(beside)
    found: list[Stretch] = []
    for start, end in pieces:
        if found and not any(found[-1][1] <= cut[0] and cut[1] <= start for cut in cuts) and not _said_between(text, found[-1][1], start):
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _said_between(text: str, start: int, end: int) -> bool:
    return len(text[start:end].split()) > 12


def _within(piece: Stretch, marks: Iterable[Stretch]) -> bool:
    return any(mark[0] <= piece[0] and piece[1] <= mark[1] for mark in marks)


def _cleaned(text: str, pieces: Iterable[Stretch]) -> Iterator[Stretch]:
    for start, end in pieces:
        found = clean(text, start, end)
        if found is not None and any(char.isalnum() for char in text[found[0] : found[1]]):
            yield found
