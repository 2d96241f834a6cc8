"""Readings in quoted words: what is written is what is meant, or it is refused."""

from dataclasses import replace

import pytest
from hypothesis import given

from corpus import notation, store
from corpus.model import AnnotationSet, Holdings, Mention
from corpus.problems import CorpusError
from tests.conftest import TOY
from tests.strategies import Case, cases


def marks(layer: AnnotationSet) -> tuple[list[object], list[object], list[object]]:
    """A layer without the names of its mentions."""
    known = layer.by_id()

    def seen(one: Mention) -> Mention:
        return replace(one, id="")

    said = [
        (seen(known[one.hub]), sorted(map(repr, (seen(known[name]) for name in (*one.sources, *one.cues)))), one.quote_type, one.polarity)
        for one in layer.attributions
    ]
    links = [(one.type, seen(known[one.from_]), seen(known[one.to])) for one in layer.links]
    return sorted(map(repr, map(seen, layer.mentions))), sorted(map(repr, said)), sorted(map(repr, links))


def read(words: str, holdings: Holdings) -> AnnotationSet:
    (note,) = notation.notes(words)
    document = holdings.documents[note.document]
    head = {"annotator": "a3f1", "origin": "by_hand", "guidelines": "0.1"}
    return notation.layer_of(note, document, head, withheld=holdings.withheld(document))


@given(cases())
def test_a_layer_is_written_and_read_back(case: Case) -> None:
    try:
        words = notation.words_of(case.layer, case.document.text or "")
    except CorpusError:  # a stretch inside a word cannot be quoted as whole words
        return
    assert marks(read(words, case.holdings)) == marks(case.layer)


def test_the_toy_reading_in_words() -> None:
    holdings = store.read(TOY).holdings
    words = """
document toy_0001
# a remark
s1 person_named "Mayor Ilse Varn"
k2 "said"
c3 attributed_to_other "that the Harrow Front had set the Ostermark mill alight"
a c3 : s1 : k2 : indirect positive certain
"""
    layer = read(words, holdings)
    assert [mention.label for mention in layer.mentions] == ["source", "cue", "claim"]
    assert layer.attributions[0].cues == ("k2",)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('k2 "the"', "stands"),
        ('k2 "nowhere at all"', "stands 0 times"),
        ('c3 "said"', "a claim has: responsibility"),
        ('k2 none "said"', "a cue has: none"),
        ("said", "cannot be read"),
        ('k2 "said" = "Ilse"', "a cue has"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(line: str, said: str) -> None:
    with pytest.raises(CorpusError, match=said) as refused:
        read(f"document toy_0001\n{line}", store.read(TOY).holdings)
    assert "toy_0001, line 2: " in str(refused.value)
