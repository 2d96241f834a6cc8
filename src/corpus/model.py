"""The nouns of the corpus as frozen types. Knows no file, no JSON and no other module of the package but the nouns of `judgement`.

Offsets count Unicode code points in the text of record; `end` is exclusive; `text[start:end]` is the span.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from corpus.judgement import Judgements

Label = Literal["claim", "denial", "content", "source", "cue"]
Responsibility = Literal["none", "claimed", "attributed_to_other", "denied"]
DenialScope = Literal["full", "partial", "non_denial"]
SourceKind = Literal["person_named", "person_unnamed", "organisation", "document_media", "collective", "author_outlet"]
QuoteType = Literal["direct", "mixed", "indirect", "reported"]
Polarity = Literal["positive", "negative"]
Certainty = Literal["certain", "hedged", "unspecified"]
LinkType = Literal["denies", "affirms", "same_claim", "same_source", "embedded_in"]
About = Literal["mention", "attribute", "attribution", "link"]
Origin = Literal["by_hand", "from_suggestion", "model", "adjudicated"]
AnnotatorKind = Literal["human", "model", "adjudicator"]
TextPolicy = Literal["included", "withheld"]
Split = Literal["train", "validation", "test"]
Stance = Literal["asserts", "denies", "affirms"]
# What an article of the diagnostic suite says it exercises; GUIDELINES.md tells each and its rules.
Phenomenon = Literal[
    "quote_marks", "that_clause", "title", "apposition", "discontinuous", "cross_sentence", "partial_quotation", "mixed_quotation",
    "cue_noun", "cue_preposition", "no_cue", "pronoun_source", "coordinated_source", "missing_source", "collective_source",
    "document_source", "reportedly", "hedge", "negated_attribution", "nested_attribution", "author_voice", "headline", "restatement",
    "confirmation", "opinion", "order_or_intention", "claim_of_responsibility", "denial_of_responsibility", "accusation", "admission",
    "pointer", "bare_denial", "verbless_denial", "partial_denial", "non_denial", "many_denied", "denial_of_denial", "denial_far",
]  # fmt: skip

MUTUAL: tuple[LinkType, ...] = ("same_claim", "same_source")
HUBS: tuple[Label, ...] = ("claim", "denial", "content")
GOLD = "gold"
# What a link may join: labels it starts at, labels it ends at.
ENDS: Mapping[LinkType, tuple[tuple[Label, ...], tuple[Label, ...]]] = {
    "denies": (("denial",), HUBS),
    "affirms": (HUBS, ("claim",)),
    "same_claim": (("claim",), ("claim",)),
    "same_source": (("source",), ("source",)),
    "embedded_in": (HUBS, HUBS),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """An unbroken stretch of a text: start 0, end 27."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A folder of raw/: id "lee", text "withheld", and how a reader gets the text.

    `licence` is that of the texts; `annotation_licence` that of the readings where they are not the corpus's own (CC-BY-4.0).
    """

    id: str
    title: str
    description: str
    licence: str
    text: TextPolicy
    hydrate: Mapping[str, str] | None
    annotation_licence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Facts of one article: id "lee_0042", date "2001-12", length in code points; text None where it is not at hand.

    Phenomena are declared in the diagnostic suite only, else None.
    """

    id: str
    source: str
    outlet: str | None
    date: str | None
    url: str | None
    language: str
    story: str | None
    text_sha256: str
    length: int
    furniture: tuple[Stretch, ...]
    phenomena: tuple[Phenomenon, ...] | None = None
    text: str | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One unbroken stretch of a mention: its words (None where withheld) and the first 12 hex digits of their SHA-256."""

    start: int
    end: int
    quote: str | None
    check: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A marked statement, source or cue: id "m3", label "claim", one or more spans. Attributes only where the label has them."""

    id: str
    label: Label
    spans: tuple[Span, ...]
    responsibility: Responsibility | None = None
    denial_scope: DenialScope | None = None
    source_kind: SourceKind | None = None
    canonical_source: str | None = None

    @property
    def place(self) -> tuple[int, int, str, str]:
        """Where it stands, for sorting: first start, last end, label, id."""
        return self.spans[0].start, self.spans[-1].end, self.label, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One hub with the sources and cues it has: id "a-m3", hub "m3", sources ("m1",), cues ("m2",)."""

    id: str
    hub: str
    sources: tuple[str, ...]
    cues: tuple[str, ...]
    quote_type: QuoteType | None
    polarity: Polarity | None
    certainty: Certainty | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A relation of two mentions of one article: type "denies", from_ "m7" (the denial), to "m3" (the claim)."""

    type: LinkType
    from_: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """A layer that gold was made from: annotator "a3f1" and the SHA-256 of its canonical file."""

    annotator: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Decision:
    """A difference that gold settles: start 40, end 71 in code points, what it was about, and the rule "2.3" that settled it."""

    start: int
    end: int
    about: About
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationSet:
    """One annotator's reading of one article: document "lee_0042", annotator "a3f1" or "gold", which says what it was made from."""

    document: str
    text_sha256: str
    annotator: str
    origin: Origin
    guidelines: str
    made_from: tuple[Layer, ...] | None = None
    decisions: tuple[Decision, ...] | None = None
    mentions: tuple[Mention, ...]
    attributions: tuple[Attribution, ...]
    links: tuple[Link, ...]

    def by_id(self) -> dict[str, Mention]:
        """The mentions by their ids."""
        return {mention.id: mention for mention in self.mentions}


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotator:
    """Who annotated, under a pseudonym: id "a3f1", kind "model" with the facts of the model."""

    id: str
    kind: AnnotatorKind
    guidelines: str
    model: Mapping[str, str | None] | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What the last release held: version "1.0.0", the split of each document, counts such as "denial": 200."""

    version: str
    splits: Mapping[str, Split]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignments:
    """Who reads what: document → annotators, sorted; `seed` made the last dealing."""

    seed: int
    roster: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Withdrawn:
    """A tombstone: document "lee_0042", the hash of its text, the day it was taken out, and why."""

    document: str
    text_sha256: str
    date: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Member:
    """Where a claim of the registry stands: document "lee_0042", hub "m3" of its reading of record, the check of its first span, stance."""

    document: str
    mention: str
    check: str
    stance: Stance


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredClaim:
    """A claim that several articles tell of: id "ferry-fire-front", worded by the corpus, and its members."""

    id: str
    statement: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """How much there is: the story of each article, and counts such as "denial": 200."""

    stories: Mapping[str, str | None]
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """All that a repository holds, decoded: sources and documents by id, layers by their path in the repository."""

    sources: Mapping[str, Source]
    documents: Mapping[str, Document]
    annotators: Mapping[str, Annotator]
    layers: Mapping[str, AnnotationSet]
    released: Released | None = None
    assignments: Assignments | None = None
    withdrawn: tuple[Withdrawn, ...] = ()
    registry: Mapping[str, RegisteredClaim] = field(default_factory=dict)  # by path
    judged: Mapping[str, Judgements] = field(default_factory=dict)  # by path

    def of(self, document: str) -> list[AnnotationSet]:
        """The layers of one document, by annotator."""
        return sorted((layer for layer in self.layers.values() if layer.document == document), key=lambda one: one.annotator)

    def of_record(self, document: str) -> AnnotationSet | None:
        """The reading of record: gold, or the only one."""
        layers = self.of(document)
        return next((one for one in layers if one.annotator == GOLD), layers[0] if len(layers) == 1 else None)

    def withheld(self, document: Document) -> bool:
        """Whether the text of this document may not be passed on; a document of an unknown source is withheld."""
        source = self.sources.get(document.source)
        return source is None or source.text == "withheld"

    def hydrated(self) -> Iterator[Document]:
        """The documents whose text is at hand, by id."""
        return (document for _, document in sorted(self.documents.items()) if document.text is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One file of a release: path "documents/train-00000-of-00001.parquet", its SHA-256 and its rows (None for a card)."""

    path: str
    sha256: str
    rows: int | None
