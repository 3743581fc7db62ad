"""The records of corpus and predictions as frozen, typed values.

Field names and meanings are those of the JSON Schemas in ``schema/``; a test holds that both accept and
refuse the same records. Decoding is strict: no unknown field, no cast.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

Label = Literal["supported", "refuted", "conflicting", "not_enough_info"]
LABELS: tuple[Label, ...] = ("supported", "refuted", "conflicting", "not_enough_info")

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")

Language = Literal["de", "nl", "en"]
LANGUAGES: tuple[Language, ...] = ("de", "nl", "en")

Stance = Literal["supports", "refutes"]
Certainty = Literal["asserted", "reported", "planned", "predicted", "conditional"]
Basis = Literal["stated", "inferred", "unknown"]


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, gc=False):
    """Base of all records: immutable, strict about field names, without cycles to collect."""


class Span(Record, frozen=True):
    """A stretch of text; offsets in Unicode code points, end exclusive."""

    start: int
    end: int
    quote: str


class Provenance(Record, frozen=True):
    """One piece of an article's origin and what it rests on."""

    value: str | None
    basis: Basis
    note: str | None


class Origin(Record, frozen=True):
    """What is known of where an article comes from."""

    publisher: Provenance
    author: Provenance
    date: Provenance
    original_url: Provenance
    reported_by: Provenance


class Translation(Record, frozen=True):
    """Whether an article is a translation, and which others translate the same original."""

    status: Literal["certain", "probable", "none_found"]
    machine: Literal["evident", "probable", "none_found"]
    original_language: str | None
    same_original: tuple[str, ...]
    note: str | None


class ReferenceTime(Record, frozen=True):
    """The time from which an article's relative dates are read."""

    value: str
    basis: Literal["stated", "inferred"]
    note: str


class Segment(Record, frozen=True):
    """One part of an article's text."""

    kind: Literal["title", "byline", "dateline", "caption", "heading", "body", "furniture"]
    language: str
    start: int
    end: int


class Sentence(Record, frozen=True):
    """One sentence of an article."""

    id: str
    start: int
    end: int


class Nonclaim(Record, frozen=True):
    """A stretch without a claim and the reason why."""

    start: int
    end: int
    quote: str
    reason: Literal["rhetoric", "opinion", "question", "furniture", "other_language"]


class Article(Record, frozen=True):
    """One news article."""

    id: str
    language: Literal["de", "nl"]
    title: str
    source: str
    provenance: Origin
    translation: Translation
    reference_time: ReferenceTime
    sha256: str
    text: str
    segments: tuple[Segment, ...]
    sentences: tuple[Sentence, ...]
    nonclaims: tuple[Nonclaim, ...]


class Attribution(Record, frozen=True):
    """Whose word a claim rests on."""

    speaker: str
    via: str | None


class Statement(Record, frozen=True):
    """One statement in three languages."""

    de: str
    nl: str
    en: str


class Reading(Record, frozen=True):
    """What one article makes of a fact."""

    article: str
    claims: tuple[str, ...]
    value: str
    status: Literal["considered", "planned", "decided", "done", "ongoing", "general"]
    certainty: Certainty
    attribution: Attribution | None
    as_of: str | None


class Relation(Record, frozen=True):
    """A typed relation of a fact to another, or between its own readings."""

    type: Literal["near", "contradicts", "refines", "supersedes", "translation_divergence", "error"]
    fact: str | None
    articles: tuple[str, ...]
    explanation: str


class Fact(Record, frozen=True):
    """A language-independent proposition with its readings and relations."""

    id: str
    statement: Statement
    component: str
    split: Split
    readings: tuple[Reading, ...]
    relations: tuple[Relation, ...]


class ClaimQuantity(Record, frozen=True):
    """One normalised quantity of a claim."""

    quote: str
    value: int | float
    unit: Literal["money", "percent", "multiple", "year", "duration_years", "count"]
    currency: str | None
    approximator: Literal["about", "nearly", "up_to", "over", "at_least", "order_of_magnitude"] | None


class ClaimTime(Record, frozen=True):
    """The time a claim is about."""

    quote: str
    value: str | None
    relative: bool


class Claim(Record, frozen=True):
    """One verifiable claim of one article."""

    id: str
    article: str
    spans: tuple[Span, ...]
    text: str
    text_en: str
    kind: Literal["quantity", "event", "relation", "attribute", "statement", "plan", "prediction", "time"]
    certainty: Certainty
    attribution: Attribution | None
    quantities: tuple[ClaimQuantity, ...]
    time: ClaimTime | None
    checkworthiness: Literal[0, 1, 2]
    presupposed: bool
    duplicate_of: str | None
    fact: str


class EvidenceSet(Record, frozen=True):
    """A set of sentences that suffices by itself."""

    stance: Stance
    sentences: tuple[str, ...]


class Verification(Record, frozen=True):
    """A proposition in one language, to be checked against the articles."""

    id: str
    claim: str
    language: Language
    label: Label
    evidence: tuple[EvidenceSet, ...]
    facts: tuple[str, ...]
    family: str
    contrast_of: str | None
    edit: Literal["number", "unit", "entity", "role", "negation", "certainty", "attribution", "time"] | None
    split: Split
    sources_needed: int
    rationale: str


class Answer(Record, frozen=True, omit_defaults=True):
    """One right answer in one language."""

    language: Language
    text: str
    variants: tuple[str, ...]
    value: bool | int | float | str | tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    unit: str | msgspec.UnsetType = msgspec.UNSET


QuestionKind = Literal[
    "money",
    "percent",
    "number",
    "date",
    "person",
    "organisation",
    "product",
    "place",
    "reason",
    "description",
    "yes_no",
    "list",
]


class Question(Record, frozen=True):
    """A question in one language with its accepted answers."""

    id: str
    question: str
    language: Language
    kind: QuestionKind
    answers: tuple[Answer, ...]
    answerable: bool
    evidence: tuple[EvidenceSet, ...]
    facts: tuple[str, ...]
    family: str
    split: Split
    sources_needed: int
    rationale: str


Unset = msgspec.UnsetType
Text = Annotated[str, msgspec.Meta(min_length=1)]
Unit = Annotated[float, msgspec.Meta(ge=0, le=1)]


class Prediction(Record, frozen=True):
    """What every prediction line may carry."""

    id: str
    system: Text | None = None
    seed: int | None = None
    run: Text | None = None
    abstain: bool = False
    invalid: bool = False
    meta: dict[str, Any] | None = None

    @property
    def run_name(self) -> str:
        """The run the line belongs to: ``run``, or system and seed, or ""."""
        if self.run is not None:
            return self.run
        name = self.system or ""
        return name if self.seed is None else f"{name}@{self.seed}"


def system_of(run: str) -> str:
    """Return the system a run belongs to: its name without the seed that ``run_name`` puts behind it."""
    system, _, seed = run.rpartition("@")
    return system if seed.lstrip("-").isdecimal() else run


class DetectionPrediction(Prediction, frozen=True):
    """Whether a sentence holds a check-worthy claim: a score, a label or both."""

    score: float | Unset | None = msgspec.UNSET
    label: bool | Unset | None = msgspec.UNSET


Offsets = Literal["codepoints", "utf16", "utf8"]
OFFSETS: tuple[Offsets, ...] = ("codepoints", "utf16", "utf8")


class ExtractedClaim(Record, frozen=True):
    """One claim a system found; offsets into the article's text, ``quote`` the text between them."""

    text: Text
    start: Annotated[int, msgspec.Meta(ge=0)] | None = None
    end: Annotated[int, msgspec.Meta(ge=1)] | None = None
    quote: Text | None = None
    score: float | None = None


class ExtractionPrediction(Prediction, frozen=True):
    """The claims a system found in one article; None abstains. ``offsets`` is the unit of their spans."""

    claims: tuple[ExtractedClaim, ...] | Unset | None = msgspec.UNSET
    offsets: Offsets | None = None


class SentenceText(Record, frozen=True):
    """A sentence with its words."""

    id: str
    text: str


class NearClaim(Record, frozen=True):
    """A gold claim that a system claim resembles."""

    id: str
    text: str
    text_en: str
    similarity: float


Ruling = Literal["correct", "matches", "wrong", "not_a_claim"]


class Judgement(Record, frozen=True):
    """A system claim that the gold does not settle, and what was decided of it; None is undecided yet.

    ``matches`` is the gold claim that it states where ``judgement`` says so.
    """

    id: str
    article: str
    text: Text
    span: Span | None = None
    context: tuple[SentenceText, ...] = ()
    nearest: tuple[NearClaim, ...] = ()
    judgement: Ruling | None = None
    matches: str | None = None
    note: str | None = None


class EvidencePrediction(Prediction, frozen=True):
    """Sentence ids, best first; None abstains."""

    evidence: tuple[str, ...] | Unset | None = msgspec.UNSET


class Probabilities(Record, frozen=True):
    """A probability for each label."""

    supported: Unit
    refuted: Unit
    conflicting: Unit
    not_enough_info: Unit

    def as_tuple(self) -> tuple[float, float, float, float]:
        """In the order of ``LABELS``."""
        return (self.supported, self.refuted, self.conflicting, self.not_enough_info)


class VerificationPrediction(Prediction, frozen=True):
    """A verdict on one item; None abstains."""

    label: Label | Unset | None = msgspec.UNSET
    probabilities: Probabilities | None = None
    evidence: tuple[str, ...] | None = None


class QaPrediction(Prediction, frozen=True):
    """An answer; None says the question cannot be answered."""

    answer: str | Unset | None = msgspec.UNSET
    confidence: Unit | None = None
    evidence: tuple[str, ...] | None = None
