"""From a parse: who stands as subject of a cue, which words are the cue, which words it reports. Knows no label."""

from collections.abc import Iterator

from corpus.suggest.lexicon import NAMING, PRONOUNS, WITH_OBJECT, WITH_PREPOSITION, WITHHOLD, Kind
from corpus.suggest.words import Parse

AUX = ("aux", "auxpass", "neg")
_LOOSE = ("prep", "npadvmod", "advmod", "advcl", "oprd", "dative", "pobj", "pcomp")
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")


def passive(parse: Parse, verb: int) -> bool:
    """Whether a verb stands in the passive."""
    return bool(parse.those(verb, "auxpass", "nsubjpass"))


def cue(parse: Parse, verb: int) -> list[int]:
    """The words of a cue: auxiliaries, negations, verb, particle; a chain such as "declined to comment" from its first verb (rule 4.1)."""
    found = [verb, *parse.those(verb, *AUX, "prt")]
    head = parse.words[verb].head
    if parse.words[verb].dep == "xcomp" and parse.lemma(head) in (*WITHHOLD, "go", "continue") and head < verb:
        found += [head, *parse.those(head, *AUX, "prt"), *range(head + 1, verb)]
    inner = [one for one in parse.those(verb, "advmod") if min(found) < one < max(found)]
    return sorted({*found, *inner})


def upper(parse: Parse, verb: int) -> int:
    """The verb that a chain begins with."""
    head = parse.words[verb].head
    return head if parse.words[verb].dep == "xcomp" and head < verb and parse.words[head].pos in ("VERB", "AUX") else verb


def sources(parse: Parse, verb: int) -> list[list[int]]:
    """The words of each source; none where the subject is not the one who speaks."""
    if passive(parse, verb):
        heads = [one for by in parse.those(verb, "agent") for one in parse.those(by, "pobj")]
        return [words for head in heads for words in phrases(parse, head, verb)]
    subject = _subject(parse, verb, 0)
    return [] if subject is None else list(phrases(parse, subject, verb))


def phrases(parse: Parse, head: int, verb: int) -> Iterator[list[int]]:
    """A noun phrase, one for each coordinated head (rule 3.3), with all that hangs on it but the verb that it speaks by."""
    others = parse.those(head, "conj")
    skip = [*others, *parse.those(head, "cc", "punct", "preconj"), verb]
    trimmed = [one for one in parse.subtree(head, skip) if not (parse.words[one].dep == "punct" and one > head + 40)]
    if trimmed:
        yield trimmed
    for other in others:
        yield from phrases(parse, other, verb)


def _subject(parse: Parse, verb: int, deep: int) -> int | None:
    found = parse.those(verb, *_SUBJECTS)
    if found:
        return None if parse.words[found[0]].dep == "expl" else found[0]
    word = parse.words[verb]
    if deep > 4 or word.head == verb:
        return None
    if word.dep in ("conj", "xcomp", "advcl", "aux", "pcomp", "dep", "prep"):
        return _subject(parse, word.head, deep + 1)
    return word.head if word.dep == "acl" and word.tag == "VBG" else None


def reported(parse: Parse, verb: int, kind: Kind) -> tuple[list[int], list[int]]:
    """The words that a verb reports, and words that belong to the cue besides (its preposition)."""
    clauses = [one for one in parse.those(verb, "ccomp") if _is_clause(parse, one)]
    if clauses:
        return _clause(parse, verb, clauses), []
    word = parse.words[verb]
    if word.dep in ("parataxis", "ccomp") and parse.those(verb, *_SUBJECTS) and _parenthetical(parse, verb):
        return parse.subtree(word.head, [verb]), []
    if kind == "accuse":
        return _accused(parse, verb), []
    if kind in ("act", "say", "think", "deny"):
        return _phrase(parse, verb, kind)
    return [], []


def _is_clause(parse: Parse, at: int) -> bool:
    return parse.words[at].pos in ("VERB", "AUX", "ADJ", "NOUN", "PROPN", "PRON", "NUM", "ADV")


def _parenthetical(parse: Parse, verb: int) -> bool:
    """Whether "Penk said" stands in or behind the clause that it hangs on."""
    head = parse.words[verb].head
    return parse.words[verb].dep == "parataxis" or (head < verb and not parse.those(verb, "mark"))


def _clause(parse: Parse, verb: int, clauses: list[int]) -> list[int]:
    """The clauses, and behind the last one what the sentence goes on with (rule 1.7)."""
    found = {one for clause in clauses for one in parse.subtree(clause, [verb])}
    if min(found) > verb:
        found |= {at for one in parse.those(verb, *_LOOSE) if one > max(found) and _goes_on(parse, one) for at in parse.subtree(one)}
    return sorted(found)


def _goes_on(parse: Parse, at: int) -> bool:
    """Not a participle whose subject is the source: ", citing a letter"."""
    word = parse.words[at]
    return word.dep != "advcl" or word.tag != "VBG" or bool(parse.those(at, "mark", "nsubj"))


def _accused(parse: Parse, verb: int) -> list[int]:
    """The person and the deed (rule 2.7)."""
    who = parse.those(verb, "nsubjpass") if passive(parse, verb) else parse.those(verb, "dobj")
    behind = [one for one in parse.those(verb, "prep") if parse.lemma(one) in ("of", "with", "for", "on") and one > verb]
    if not behind:  # the parser hangs it on the object
        inner = [one for head in who for one in parse.those(head, "prep") if parse.lemma(one) in ("of", "with", "for")]
        behind = inner if not passive(parse, verb) else []
    if not who and parse.words[verb].dep == "acl":
        who = [parse.words[verb].head]
    if not who or not behind:
        return []
    return sorted({*(one for head in who for one in parse.subtree(head, [verb])), *(one for prep in behind for one in parse.subtree(prep))})


def _phrase(parse: Parse, verb: int, kind: Kind) -> tuple[list[int], list[int]]:
    """An infinitive, an object, or what stands behind the verb's own preposition."""
    lemma, objects = parse.lemma(verb), parse.those(verb, "dobj")
    infinitives = [one for one in parse.those(verb, "xcomp") if one > verb]
    if infinitives and kind == "deny":
        return parse.subtree(infinitives[0]), []
    if infinitives and _to(parse, infinitives[0]) and (kind in ("act", "think") or lemma in ("tell", "say", "report", "warn")):
        ahead = parse.those(verb, "nsubjpass") if passive(parse, verb) else []
        return sorted({*(at for one in (*ahead, *objects, infinitives[0]) for at in parse.subtree(one, [verb]))}), []
    if lemma in NAMING and objects and (named := _named(parse, verb, objects[0])):
        return named, []
    for one in parse.those(verb, "prep"):
        if parse.lemma(one) in WITH_PREPOSITION.get(lemma, ()):
            inner = [at for child in parse.children[one] for at in parse.subtree(child)]
            return sorted(inner), [one]
    if objects and lemma in WITH_OBJECT and not _hearer(parse, objects[0]):
        more = [one for one in parse.those(verb, "prep") if one > objects[0] and parse.lemma(one) in ("for", "in", "of") and kind != "deny"]
        return sorted({at for one in (objects[0], *more) for at in parse.subtree(one, [verb])}), []
    ahead = parse.those(verb, "nsubjpass") if passive(parse, verb) and kind == "deny" else []
    return ([at for one in ahead for at in parse.subtree(one, [verb])], [])


def _named(parse: Parse, verb: int, whom: int) -> list[int]:
    """Who is called what: "called it a farce", "described her as calm"."""
    as_what = [one for one in parse.those(verb, "oprd", "acomp", "attr", "prep") if one > whom]
    as_what = [one for one in as_what if parse.words[one].dep != "prep" or parse.lemma(one) == "as"]
    return sorted({at for one in (whom, *as_what) for at in parse.subtree(one, [verb])}) if as_what else []


def _to(parse: Parse, at: int) -> bool:
    return any(parse.lemma(one) == "to" for one in parse.those(at, "aux"))


def _hearer(parse: Parse, at: int) -> bool:
    """A mere pronoun of a person is spoken to, not spoken of; "it" and "this" point to what is said."""
    return parse.lemma(at) in PRONOUNS - {"it", "which"} and parse.words[at].text.lower() in ("him", "her", "me", "us", "them", "you")
