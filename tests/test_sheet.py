"""Adjudication in words: what the sheet tells, and that each answer does what it says and leaves its rule behind."""

import pytest

from corpus.adjudication import sheet
from corpus.model import AnnotationSet
from corpus.notation import notes
from corpus.problems import CorpusError
from tests.test_adjudication import faults, two

TAKEN = "d1 a3f1 1.6\nd2 a3f1 5.3\nd3 a3f1 3.1\nd4 a3f1 7.1\nd5 yes 6.1\n"


def gold(answers: str) -> AnnotationSet:
    comparison, holdings = two()
    (note,) = notes(f"document toy_0001\n{answers}")
    made = sheet.settled(note, holdings.documents["toy_0001"], comparison, guidelines="0.1", withheld=False)
    assert faults(made, holdings) == set()
    return made


def words(layer: AnnotationSet, label: str) -> list[str | None]:
    return [" + ".join(str(span.quote) for span in one.spans) for one in layer.mentions if one.label == label]


def test_the_sheet_names_every_mark_and_every_difference() -> None:
    comparison, holdings = two()
    told = sheet.written(holdings.documents["toy_0001"], comparison)
    assert 'h3 claim attributed_to_other "the Harrow Front had set the Ostermark mill alight" : s1 : k2 : indirect positive hedged' in told
    assert 's4 source organisation - "The Front"   (only a3f1)' in told
    assert "l denies h6 h3   (only a3f1)" in told
    assert told.split("----- differences\n")[1].splitlines() == [
        'd1 mention h3: 4b22 claim attributed_to_other "the Harrow Front had set the Ostermark mill alight"; '
        'a3f1 claim attributed_to_other "that the Harrow Front had set the Ostermark mill alight"',
        "d2 attribute h3 certainty: 4b22 hedged; a3f1 certain",
        'd3 mention s4: 4b22 nothing; a3f1 source organisation - "The Front"',
        "d4 attribution h6: 4b22 - : k5; a3f1 s4 : k5",
        "d5 link h6 denies h3: 4b22 False; a3f1 True",
    ]


def test_each_difference_takes_a_reading_or_a_value_of_ones_own() -> None:
    own = gold('d1 mark c901 none "the Ostermark mill alight" 1.7\nd2 value hedged 5.3\nd3 none 3.6\nd4 parts - : k5 3.6\nd5 no 6.1\n')
    assert words(own, "claim") == ["the Ostermark mill alight"]
    assert [one.certainty for one in own.attributions] == ["hedged", "certain"]
    assert words(own, "source") == ["Mayor Ilse Varn"]
    assert own.links == ()
    assert [one.rule for one in own.decisions or ()] == ["5.3", "1.7", "3.6", "3.6", "6.1"]


def test_what_all_hold_is_overruled_by_a_rule() -> None:
    made = gold(TAKEN + 'h6 set certainty unspecified 5.3\nk5 mark k901 "denied the accusation" 4.1\nh6 unlink denies h3 6.1\n')
    assert [one.certainty for one in made.attributions] == ["certain", "unspecified"]
    assert made.links == ()
    assert {"5.3", "4.1", "6.1"} <= {one.rule for one in made.decisions or ()}


def test_a_hub_that_is_dropped_takes_its_sources_and_links_along() -> None:
    made = gold(TAKEN + "h6 drop 1.9\n")
    assert (words(made, "denial"), words(made, "source"), made.links) == ([], ["Mayor Ilse Varn"], ())


def test_what_nobody_marked_is_added_and_may_name_the_marks_of_the_sheet() -> None:
    added = 'd5 no 6.1\n+ 2.8\nx901 "mill" @ "near the mill"\na x901 : s1 : k2 : reported positive unspecified\n+ 6.1\nl denies h6 h3\n'
    made = gold(TAKEN.replace("d5 yes 6.1\n", "") + added)
    assert words(made, "content") == ["mill"]
    assert len(made.attributions) == 3
    assert [one.type for one in made.links] == ["denies"]


def test_a_link_may_name_a_mark_by_the_name_it_was_given_in_anothers_place() -> None:
    made = gold(
        TAKEN.replace("d5 yes 6.1\n", "d5 no 6.1\n")
        + 'h6 mark d901 denied full "We were nowhere near the mill" 2.18\n+ 6.1\nl denies d901 h3\n'
    )
    assert words(made, "denial") == ["We were nowhere near the mill"]
    assert [one.type for one in made.links] == ["denies"]


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ("d1 a3f1 1.6\n", "no choice for d2, d3, d4, d5"),
        ("d9 a3f1 1.6\n", "line 2: there is no difference d9"),
        (TAKEN + "h99 drop 1.9\n", "line 7: the sheet has no h99"),
        (TAKEN + "h6 forget 1.9\n", "line 7: 'forget' overrules nothing"),
        ("d1 perhaps 1.6\n", "line 2: 'perhaps' is no answer about a difference of mention"),
        ("d1 a3f1\n", "line 2: cannot be read: d1 a3f1"),
        ('d1 mark c901 none "the moon" 1.7\n', "line 2: 'the moon' stands 0 times"),
    ],
)
def test_answers_that_say_nothing_are_told_by_their_line(answers: str, sentence: str) -> None:
    with pytest.raises(CorpusError, match=sentence):
        gold(answers)


def test_a_later_look_keeps_what_was_decided_and_adds_its_own_rules() -> None:
    first = gold(TAKEN)
    (note,) = notes('document toy_0001\nh3 set certainty unspecified 5.3\nh6 unlink denies h3 6.3\n')
    again = sheet.reviewed(note, two()[1].documents["toy_0001"], first, guidelines="0.2", withheld=False)
    assert faults(again, two()[1]) == set()
    assert (again.made_from, again.guidelines, again.links) == (first.made_from, "0.2", ())
    assert {*(first.decisions or ())} < {*(again.decisions or ())}
    assert {one.rule for one in again.decisions or ()} - {one.rule for one in first.decisions or ()} == {"6.3"}
    assert "unspecified" in {one.certainty for one in again.attributions}
