"""What a report is and says: its label, and the values of rules 5.1 to 5.5 and 3.7, by lists of words. Decides nothing of links."""

from collections.abc import Iterable

from corpus.model import Certainty, DenialScope, Label, Polarity, QuoteType, Responsibility, SourceKind
from corpus.suggest.lexicon import (
    BODIES,
    HARM,
    HEDGES,
    JUDGED,
    LATER,
    NOBODY,
    PRONOUNS,
    SAYING_NOTHING,
    TEXTS,
    UNTRUE,
    WISHES,
    WITHHOLD,
)
from corpus.suggest.quotation import quotations
from corpus.suggest.reports import Report
from corpus.suggest.words import Parse, Stretch

_FINITE = ("VBZ", "VBD", "VBP", "MD")


def inside(parse: Parse, pieces: Iterable[Stretch]) -> list[int]:
    """The words that stand in some stretches."""
    held = list(pieces)
    return [at for at, word in enumerate(parse.words) if any(start <= word.start and word.end <= end for start, end in held)]


def label(parse: Parse, one: Report) -> Label:
    """Denial by its cue or by calling something untrue; content by its cue or by the form of every main clause; else claim (rule 2.3)."""
    words = inside(parse, one.hub)
    if one.kind == "deny" and not _to_do(parse, words):
        return "denial"
    if one.withheld or _says_nothing(parse, one):
        return "denial" if parse.lemma(one.at) in SAYING_NOTHING - {"say", "elaborate"} else "content"
    if one.kind == "act" and not _that(parse, one) and {parse.lemma(at) for at in words} & UNTRUE:
        return "denial"
    if one.kind == "deny" or (one.kind == "act" and not _that(parse, one)):
        return "content"
    if one.kind in ("say", "think") and {parse.lemma(at) for at in words} & UNTRUE and len(words) < 25:
        return "denial"
    cores = _cores(parse, one, words)
    if cores and all(_no_fact(parse, core, words) for core in cores):
        return "content"
    return "claim"


def negated(parse: Parse, one: Report) -> bool:
    """Whether the first main clause says that something is not so (rule 2.18 b)."""
    words = inside(parse, one.hub)
    if words and parse.lemma(words[0]) in ("no", "not", "never", "nobody", "none", "nothing"):
        return True
    near = [at for core in _cores(parse, one, words)[:1] for at in (core, *parse.children[core])]
    below = [at for two in near if parse.words[two].dep in ("nsubj", "nsubjpass", "dobj", "attr") for at in (two, *parse.children[two])]
    return bool({parse.lemma(at) for at in (*near, *below)} & {"not", "n't", "never", "no", "nobody", "nothing", "neither"})


def quote_type(parse: Parse, one: Report) -> QuoteType:
    """By how much of the hub stands between marks, else by its core (rule 5.1)."""
    marks = quotations(parse.text)
    outer = [mark for mark in marks if any(start < mark[1] and mark[0] < end for start, end in one.cue)]
    size = sum(end - start for start, end in one.hub)
    marked = sum(
        max(0, min(end, mark[1]) - max(start, mark[0])) for start, end in one.hub for mark in marks if mark not in outer
    )  # fmt: skip
    if marked >= size - 2:
        return "direct"
    if marked:
        return "mixed"
    words = inside(parse, one.hub)
    clause = any(parse.words[at].tag in _FINITE and (at == one.core or not _relative(parse, at)) for at in words)
    infinitive = any(parse.words[at].tag == "TO" for at in words[:12])
    return "indirect" if clause or infinitive else "reported"


def polarity(parse: Parse, one: Report) -> Polarity:
    """Negative if the cue is (rule 5.2)."""
    held = {parse.lemma(at) for at in inside(parse, one.cue)}
    nobody = {parse.lemma(at) for source in one.sources for at in inside(parse, source)[:1]} & {*NOBODY, "no"}
    return "negative" if held & {"not", "n't", "never", "no", "neither", "nor", "fail", *WITHHOLD} or nobody else "positive"


def certainty(parse: Parse, one: Report, decided: Label) -> Certainty:
    """By the cue and the first main clause (rule 5.3)."""
    words = inside(parse, one.hub)
    cores = _cores(parse, one, words)
    if one.withheld or _says_nothing(parse, one):
        return "unspecified"
    if decided == "content" and (not _declared(parse, words) or parse.lemma(one.at) in ("hope", "wish", "regret")):
        return "unspecified"
    first = cores[:1]
    near = {parse.lemma(at) for core in first for at in (core, *parse.those(core, "aux", "advmod"))}
    hedged = (
        one.kind == "think" or parse.lemma(one.at) in ("suspect", "expect") or (parse.words[one.at].dep == "advmod" and not one.sources)
    )
    return "hedged" if near & HEDGES or hedged else "certain"


def responsibility(parse: Parse, one: Report, decided: Label) -> Responsibility:
    """Whose a harmful act is said to be (rule 5.4)."""
    held = {parse.lemma(at) for at in inside(parse, one.hub)}
    if one.withheld or not held & HARM:
        return "none"
    if decided == "denial":
        return "denied"
    if parse.lemma(one.at) in ("claim", "admit", "confess") and held & {"responsibility", "guilty", "kill", "attack"}:
        return "claimed"
    return "attributed_to_other" if one.kind == "accuse" else "none"


def denial_scope(parse: Parse, one: Report) -> DenialScope:
    """A refusal to speak denies nothing (rule 2.6)."""
    if one.withheld or _says_nothing(parse, one):
        return "non_denial"
    return "partial" if {parse.lemma(at) for at in inside(parse, one.hub)[:3]} & {"some", "most", "part", "only"} else "full"


def source_kind(parse: Parse, source: tuple[Stretch, ...], name: str | None) -> SourceKind:
    """First that fits (rule 3.7); `name` is the proper name it goes by, if one was found."""
    words = inside(parse, source)
    if not words:
        return "collective"
    head = next((at for at in words if parse.words[at].head not in words), words[0])
    word, lemma = parse.words[head], parse.lemma(head)
    if lemma in TEXTS:
        return "document_media"
    if word.entity == "PERSON" or (name is not None and lemma in PRONOUNS) or any(parse.words[at].entity == "PERSON" for at in words[:5]):
        return "person_named"
    if word.entity in ("ORG", "GPE", "NORP", "LOC", "FAC") or lemma in BODIES:
        return "organisation"
    if lemma in PRONOUNS:
        return "collective" if lemma in ("they", "we", "who") else "person_named"
    if any(parse.words[at].pos == "NUM" for at in words) or word.tag in ("NN", "NNP"):
        return "organisation" if word.tag == "NNP" else "person_unnamed"
    return "collective"


def _says_nothing(parse: Parse, one: Report) -> bool:
    """As in "would not comment", "did not confirm"."""
    return parse.lemma(one.at) in SAYING_NOTHING and bool(parse.those(one.at, "neg"))


def _that(parse: Parse, one: Report) -> bool:
    """What is said behind "agreed that", "complained that" is judged by what it says."""
    core = one.core
    return core is not None and parse.words[one.at].pos == "VERB" and parse.words[core].dep == "ccomp" and _finite(parse, core)


def _to_do(parse: Parse, words: list[int]) -> bool:
    """An offer or a demand is turned down, not denied (rule 2.2)."""
    return bool(
        {parse.lemma(at) for at in words[:6]}
        & {"offer", "plan", "demand", "call", "request", "proposal", "appeal", "application", "bid", "idea"}
    )


def _cores(parse: Parse, one: Report, words: list[int]) -> list[int]:
    """The verbs of the main clauses of a hub."""
    held = set(words)
    roots = [one.core] if one.core in held and one.core is not None else []
    roots += [at for at in words if parse.words[at].dep == "ROOT" and at not in roots and parse.words[at].pos in ("VERB", "AUX")]
    if not roots:
        roots = [at for at in words if parse.words[at].pos in ("VERB", "AUX") and parse.words[at].head not in held][:1]
    return sorted(
        {at for root in roots for at in (root, *(two for two in parse.those(root, "conj") if two in held and _finite(parse, two)))}
    )


def _finite(parse: Parse, at: int) -> bool:
    return parse.words[at].tag in _FINITE or any(parse.words[one].tag in _FINITE for one in parse.those(at, "aux", "auxpass"))


def _no_fact(parse: Parse, core: int, words: list[int]) -> bool:
    """To come, to be done, asked, wished or judged (rule 2.3 b)."""
    aux = {parse.lemma(at) for at in parse.those(core, "aux")}
    past = any(parse.words[at].text.lower() in ("have", "has", "had") for at in parse.those(core, "aux"))
    if aux & {"may", "might", "could", "would"} and past:
        return False
    if aux & (LATER | {"may", "might", "could"}):
        return True
    lemma = parse.lemma(core)
    if parse.words[core].text.lower() in JUDGED and not parse.those(core, "agent"):
        return True
    if lemma in WISHES and parse.those(core, "xcomp", "ccomp", "dobj"):
        return True
    if lemma in ("go", "have", "need") and any(parse.words[at].tag == "VB" for at in parse.those(core, "xcomp")):
        return True
    if lemma in ("be", "feel", "look", "remain") and {parse.lemma(at) for at in parse.those(core, "acomp", "attr", "xcomp")} & (
        JUDGED | WISHES
    ):
        return not parse.those(core, "advcl") or not any(
            parse.lemma(at) in ("because", "since") for two in parse.those(core, "advcl") for at in parse.those(two, "mark")
        )
    question = any(parse.words[at].tag in ("WP", "WRB", "WDT") and parse.lemma(at) != "that" for at in parse.subtree(core)[:2]) or any(
        parse.lemma(at) in ("whether", "if") for at in parse.those(core, "mark")
    )
    infinitive = parse.words[core].tag == "VB" and not parse.those(core, "nsubj")
    last = parse.text[parse.words[words[-1]].end : parse.words[words[-1]].end + 2]
    return question or infinitive or "?" in last


def _declared(parse: Parse, words: list[int]) -> bool:
    return any(parse.words[at].tag in _FINITE for at in words)


def _relative(parse: Parse, at: int) -> bool:
    seen = 0
    while parse.words[at].head != at and seen < 4:
        if parse.words[at].dep in ("relcl", "acl"):
            return True
        at, seen = parse.words[at].head, seen + 1
    return False
