"""Which mention answers which: best overlap first, one to one, of one kind only."""

from hypothesis import given

from corpus.agreement import aligned
from corpus.model import Label, Mention, Span
from tests.strategies import Case, cases


def mention(id: str, label: Label, *places: tuple[int, int]) -> Mention:
    return Mention(id=id, label=label, spans=tuple(Span(start=start, end=end, quote=None, check="") for start, end in places))


def pairs(first: list[Mention], second: list[Mention]) -> list[tuple[str, str]]:
    return [(one.id, other.id) for one, other in aligned(first, second).pairs]


def test_the_larger_overlap_is_taken_first() -> None:
    first = [mention("a1", "claim", (0, 10)), mention("a2", "claim", (8, 20))]
    second = [mention("b1", "claim", (0, 2)), mention("b2", "claim", (1, 20))]
    assert pairs(first, second) == [("a1", "b1"), ("a2", "b2")]
    assert pairs(first, second[1:]) == [("a2", "b2")]


def test_one_shared_code_point_is_enough_and_touching_is_not() -> None:
    assert pairs([mention("a", "cue", (0, 5))], [mention("b", "cue", (4, 90))]) == [("a", "b")]
    assert not pairs([mention("a", "cue", (0, 5))], [mention("b", "cue", (5, 9))])


def test_a_gap_between_spans_is_no_overlap() -> None:
    assert not pairs([mention("a", "claim", (0, 5), (20, 25))], [mention("b", "claim", (6, 19))])


def test_hubs_answer_each_other_whatever_their_label_and_the_same_label_settles_a_tie() -> None:
    first = [mention("a1", "claim", (0, 9)), mention("a2", "content", (0, 9))]
    assert pairs(first, [mention("b", "content", (0, 9))]) == [("a2", "b")]
    assert pairs(first[:1], [mention("b", "denial", (0, 9))]) == [("a1", "b")]
    assert not pairs(first[:1], [mention("b", "cue", (0, 9))])


def test_what_stands_alone_is_told_by_kind() -> None:
    found = aligned([mention("a1", "claim", (0, 9)), mention("a2", "cue", (20, 24))], [mention("b1", "source", (0, 9))])
    assert [one.id for one in found.of("hub").first_only] == ["a1"]
    assert [one.id for one in found.of("cue").first_only] == ["a2"]
    assert [one.id for one in found.of("source").second_only] == ["b1"]
    assert not found.of("cue").second_only


@given(cases())
def test_every_mention_is_in_a_pair_or_alone_and_turning_round_turns_the_pairs(found: Case) -> None:
    half = found.layer.mentions[::2]
    one, other = aligned(found.layer.mentions, half), aligned(half, found.layer.mentions)
    assert {(first.id, second.id) for first, second in one.pairs} == {(first.id, second.id) for second, first in other.pairs}
    assert {first.id for first, _ in one.pairs} | {first.id for first in one.first_only} == {first.id for first in found.layer.mentions}
    assert not one.second_only
