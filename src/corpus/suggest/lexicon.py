"""The words that the rules know: cues by what they do, words that tell a label or a value. Made from the guidelines and on train alone."""

from collections.abc import Mapping
from typing import Literal

Kind = Literal["say", "deny", "accuse", "act", "think"]


def _named(kind: Kind, words: str) -> dict[str, Kind]:
    return dict.fromkeys(words.split(), kind)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


VERBS: Mapping[str, Kind] = {
    **_named(
        "say",
        "say tell add announce report state note explain argue claim insist reveal write warn predict admit confirm find rule conclude "
        "declare assert maintain acknowledge concede allege reply respond answer suggest indicate show disclose recall stress emphasise "
        "emphasize testify estimate repeat shout confess accept assure inform remark observe boast describe quote forecast signal swear "
        "contend caution deem hear read learn hold uphold stipulate tweet post email",
    ),
    **_named("deny", "deny reject dismiss refute rebut dispute contradict repudiate disclaim disown disavow"),
    **_named("accuse", "accuse blame charge suspect convict"),
    **_named(
        "act",
        "urge ask appeal demand order request invite advise recommend propose offer promise pledge vow threaten welcome praise thank "
        "congratulate condemn criticise criticize apologise apologize protest complain hope wish regret agree instruct beg press "
        "call encourage plead denounce deplore salute expect object",
    ),
    **_named("think", "think believe understand doubt fear feel know consider imagine assume"),
}
# Verbs whose noun alone can be what is reported.
WITH_OBJECT = _set(
    "confirm announce admit claim report reveal predict acknowledge concede allege describe disclose deny reject dismiss refute rebut "
    "dispute contradict repudiate disclaim disown disavow demand order request recommend propose offer promise pledge welcome praise "
    "thank congratulate condemn criticise criticize regret threaten denounce deplore urge fear expect "
)
# Verbs that take what is reported behind a preposition, which belongs to the cue (rule 4.5).
WITH_PREPOSITION: Mapping[str, frozenset[str]] = {
    "call": frozenset({"for", "on"}), "ask": frozenset({"for"}), "appeal": frozenset({"for", "to"}), "apologise": frozenset({"for"}),
    "apologize": frozenset({"for"}), "complain": frozenset({"of", "about"}), "confess": frozenset({"to"}), "admit": frozenset({"to"}),
    "warn": frozenset({"of", "against"}), "object": frozenset({"to"}),
    "agree": frozenset({"on", "to", "with"}), "plead": frozenset({"for"}),
    "protest": frozenset({"against", "at"}), "boast": frozenset({"of"}), "comment": frozenset({"on"}), "press": frozenset({"for"}),
}  # fmt: skip
NAMING = _set("call describe label brand deem find dismiss characterise characterize portray")
WITHHOLD = frozenset({"refuse", "decline"})  # with what follows, one cue: "declined to comment"
SAYING_NOTHING = _set("comment confirm deny discuss answer respond say elaborate")
NOUNS: Mapping[str, Kind] = {
    **_named("say", "claim report statement suggestion warning admission confession prediction revelation announcement view argument"),
    **_named("accuse", "accusation allegation charge"),
    **_named("act", "call demand request promise threat proposal criticism offer appeal pledge"),
    **_named("think", "belief fear"),
    **_named("deny", "denial rejection"),
}
OF_A_DEED = _set("claim suggestion warning criticism denial threat promise rumour rumor fear")
ADVERBS = _set("reportedly allegedly apparently supposedly purportedly")
HEDGES = _set("may might could perhaps possibly probably likely unlikely appear seem suggest")
LATER = _set("will would shall should must ought 'll wo")
WISHES = _set(
    "want hope wish plan intend consider aim prefer need ready willing determined prepared expect look interested keen like seek wait "
    "inclined welcome"
)
JUDGED = _set(
    "important good bad great wonderful terrible disgraceful shocking outrageous fair unfair vital essential crucial necessary happy "
    "pleased sad disappointed disappointing confident optimistic proud sorry glad delighted concerned worried wrong right best better "
    "worst difficult hard easy tragic unacceptable appropriate ridiculous shameful serious tough satisfied keen nice fantastic "
    "ashamed perturbed unconvincing convinced honoured happy unhappy frustrating exciting tremendous reasonable sensible "
    "dangerous useful helpful enough time reason chance possibility opportunity challenge disgrace mistake strong weak excellent unworthy "
)
UNTRUE = _set("false untrue baseless unfounded nonsense lie fabrication groundless rubbish absurd")
POINTERS = _set(
    "it this that which these those charge allegation accusation claim suggestion report involvement responsibility rumour rumor"
)
HARM = _set(
    "kill murder bomb attack shoot wound injure destroy steal theft fraud deceive cheat abuse cover bribe bribery corruption arson "
    "fire rape torture assault hijack explosion bombing massacre sabotage violate violence crime guilty responsible responsibility "
    "terrorism terrorist manslaughter negligence shell raid execute kidnap smuggle lie mislead forge hide conceal blast involvement "
    "involve charge allegation accusation wrongdoing launder steal rob loot poison neglect damage set flood "
)
NOBODY = frozenset({"nobody", "none", "no-one"})
TEXTS = _set(
    "report study poll survey statement letter document paper figure datum statistic agency newspaper radio television medium "
    "evidence record article memo file book website analysis research review log newspaper "
)
BODIES = _set(
    "company government ministry police army court party group union team department organisation organization council board "
    "commission committee bank firm agency office parliament authority force hospital airline front movement guild league association "
    "club bureau administration military cabinet jury tribunal inquiry opposition "
)
PRONOUNS = _set("he she they it who which i we his her their its my our you")
