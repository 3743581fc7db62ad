"""The baseline systems: every task, right format, no gold, the same result every time."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

import claimbench
from claimbench.reading.corpus import Corpus
from claimbench.reading.schemas import violations
from claimbench.records import (
    Answer,
    Article,
    Claim,
    EvidenceSet,
    Origin,
    Provenance,
    Question,
    ReferenceTime,
    Sentence,
    Span,
    Translation,
    Verification,
)
from claimbench_baselines.asked import expected
from claimbench_baselines.clauses import clauses
from claimbench_baselines.lexicon import widened
from claimbench_baselines.spans import candidates, longest_news, names, plain_words
from claimbench_baselines.tfidf import Tfidf
from claimbench_baselines.trivial import Majority, Random

TASKS = ("detection", "extraction", "evidence", "verification", "qa")
SYSTEMS = (Majority, Random, Tfidf)

TEXTS = {
    ("bank-de", "de", "bank"): [
        ("Die Nordbank kauft 30 Prozent der Anteile an Ruderwerk.", 2),
        ("Der Preis liegt bei 5 Milliarden Euro.", 2),
        ("Das ist schön.", 0),
        ("Anna Berger leitet Ruderwerk seit 2019.", 2),
        ("Mehr dazu hier.", 0),
    ],
    ("bank-nl", "nl", "bank"): [
        ("Nordbank koopt 30 procent van de aandelen van Ruderwerk.", 2),
        ("De prijs bedraagt 5 miljard euro.", 2),
        ("Lees verder.", 0),
    ],
    ("hafen-de", "de", "hafen"): [
        ("Der Hafen Lutum entließ 2021 rund 400 Beschäftigte.", 2),
        ("Der Umsatz fiel auf 80 Millionen Euro.", 2),
        ("Kommentare lesen.", 0),
        ("Piet Jansen verließ den Hafen Lutum im Streit.", 2),
    ],
    ("zug-de", "de", "zug"): [
        ("Die Bahn Ostlinie bestellt 12 Züge bei Wagonia.", 2),
        ("Jetzt abonnieren.", 0),
        ("Der Auftrag kostet 300 Millionen Euro.", 2),
    ],
}


def _article(key: tuple[str, str, str], parts: Sequence[tuple[str, int]]) -> Article:
    name, language, source = key
    text = " ".join(sentence for sentence, _ in parts)
    unknown = Provenance(value=None, basis="unknown", note=None)
    spans, start = [], 0
    for number, (sentence, _) in enumerate(parts, start=1):
        spans.append(Sentence(id=f"{name}#{number}", start=start, end=start + len(sentence)))
        start += len(sentence) + 1
    return Article(
        id=name,
        language="de" if language == "de" else "nl",
        title=parts[0][0],
        source=source,
        provenance=Origin(
            publisher=unknown, author=unknown, date=unknown, original_url=unknown, reported_by=unknown
        ),
        translation=Translation(
            status="none_found", machine="none_found", original_language=None, same_original=(), note=None
        ),
        reference_time=ReferenceTime(value="2025", basis="inferred", note="toy"),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        segments=(),
        sentences=tuple(spans),
        nonclaims=(),
    )


def _claims(article: Article, parts: Sequence[tuple[str, int]]) -> list[Claim]:
    return [
        Claim(
            id=f"{article.id}.c{sentence.id.partition('#')[2]}",
            article=article.id,
            spans=(Span(start=sentence.start, end=sentence.end, quote=text),),
            text=text,
            text_en=text,
            kind="event",
            certainty="asserted",
            attribution=None,
            quantities=(),
            time=None,
            checkworthiness=2,
            presupposed=False,
            duplicate_of=None,
            fact=f"f-{article.id}-{sentence.id.partition('#')[2]}",
        )
        for sentence, (text, worth) in zip(article.sentences, parts, strict=True)
        if worth == 2
    ]


# (German, Dutch, English, label, evidence)
PROPOSITIONS = [
    ("Nordbank kauft 30 Prozent von Ruderwerk.", "Nordbank koopt 30 procent van Ruderwerk.",
     "Nordbank buys 30 percent of Ruderwerk.", "supported", "bank-de#1"),
    ("Nordbank kauft 45 Prozent von Ruderwerk.", "Nordbank koopt 45 procent van Ruderwerk.",
     "Nordbank buys 45 percent of Ruderwerk.", "refuted", "bank-de#1"),
    ("Die Bäckerei Muckel verkauft Brot.", "Bakkerij Muckel verkoopt brood.",
     "The bakery Muckel sells bread.", "not_enough_info", None),
    ("Anna Berger leitet Ruderwerk seit 2019.", "Anna Berger leidt Ruderwerk sinds 2019.",
     "Anna Berger has led Ruderwerk since 2019.", "supported", "bank-de#4"),
]  # fmt: skip
TEST_PROPOSITIONS = [
    ("Die Bahn Ostlinie bestellt 12 Züge bei Wagonia.", "Spoor Ostlinie bestelt 12 treinen bij Wagonia.",
     "Railway Ostlinie orders 12 trains from Wagonia.", "supported", "zug-de#1"),
    ("Die Bahn Ostlinie bestellt 17 Züge bei Wagonia.", "Spoor Ostlinie bestelt 17 treinen bij Wagonia.",
     "Railway Ostlinie orders 17 trains from Wagonia.", "refuted", "zug-de#1"),
    ("Die Gärtnerei Flunk züchtet Rosen.", "Kwekerij Flunk kweekt rozen.",
     "The nursery Flunk grows roses.", "not_enough_info", None),
]  # fmt: skip
# (German, Dutch, English, kind, answer, evidence)
QUESTIONS = [
    ("Wie viel Prozent von Ruderwerk kauft Nordbank?", "Hoeveel procent van Ruderwerk koopt Nordbank?",
     "What percent of Ruderwerk does Nordbank buy?", "percent", "30 Prozent", "bank-de#1"),
    ("Wer leitet Ruderwerk seit 2019?", "Wie leidt Ruderwerk sinds 2019?",
     "Who has led Ruderwerk since 2019?", "person", "Anna Berger", "bank-de#4"),
    ("Wann eröffnet Muckel?", "Wanneer opent Muckel?", "When will Muckel open?", "date", None, None),
]  # fmt: skip
TEST_QUESTIONS = [
    ("Wer verließ den Hafen Lutum?", "Wie verliet Hafen Lutum?", "Who left Hafen Lutum?",
     "person", "Piet Jansen", "hafen-de#4"),
    ("Wie viele Züge bestellt Ostlinie bei Wagonia?", "Hoeveel treinen bestelt Ostlinie bij Wagonia?",
     "How many trains does Ostlinie order from Wagonia?", "number", "12", "zug-de#1"),
]  # fmt: skip


def _evidence(label: str, sentence: str | None) -> tuple[EvidenceSet, ...]:
    stance = "refutes" if label == "refuted" else "supports"
    return (EvidenceSet(stance=stance, sentences=(sentence,)),) if sentence else ()


def _verification(number: int, row: Any, split: Any) -> list[Verification]:
    *texts, label, sentence = row
    return [
        Verification(
            id=f"v{number}-{language}",
            claim=text,
            language=language,
            label=label,
            evidence=_evidence(label, sentence),
            facts=(),
            family=f"v{number}",
            contrast_of=None,
            edit=None,
            split=split,
            sources_needed=1,
            rationale="toy",
        )
        for language, text in zip(("de", "nl", "en"), texts, strict=True)
    ]


def _questions(number: int, row: Any, split: Any) -> list[Question]:
    *texts, kind, answer, sentence = row
    languages = ("de", "nl", "en")
    answers = [Answer(language=code, text=answer, variants=()) for code in languages if answer]
    return [
        Question(
            id=f"q{number}-{language}",
            question=text,
            language=language,
            kind=kind,
            answers=tuple(answers),
            answerable=answer is not None,
            evidence=_evidence("supported", sentence),
            facts=(),
            family=f"q{number}",
            split=split,
            sources_needed=1,
            rationale="toy",
        )
        for language, text in zip(languages, texts, strict=True)
    ]


def toy_corpus() -> Corpus:
    articles, claims = [], []
    for key, parts in TEXTS.items():
        articles.append(_article(key, parts))
        claims.extend(_claims(articles[-1], parts))
    verification: list[Verification] = []
    questions: list[Question] = []
    for split, first, propositions, asked in (
        ("train", 1, PROPOSITIONS, QUESTIONS),
        ("validation", 11, PROPOSITIONS[:3], QUESTIONS[:2]),
        ("test", 21, TEST_PROPOSITIONS, TEST_QUESTIONS),
    ):
        for number, row in enumerate(propositions, start=first):
            verification.extend(_verification(number, row, split))
        for number, row in enumerate(asked, start=first):
            questions.extend(_questions(number, row, split))
    return Corpus("toy", "toy", tuple(articles), (), tuple(claims), tuple(verification), tuple(questions))


@pytest.fixture(scope="module")
def toy() -> Corpus:
    return toy_corpus()


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_lines_fit_the_schema(system: Any, task: str, toy: Corpus) -> None:
    """Every system gives one line for each input of every task, and each fits the task's schema."""
    lines = claimbench.predict(task, system(), toy)
    wanted = sorted(item["id"] for item in claimbench.inputs(task, toy))
    assert wanted
    assert sorted(line["id"] for line in lines) == wanted
    assert [found for line in lines for found in violations(f"prediction-{task}", line)] == []


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_order_of_inputs_changes_nothing(system: Any, task: str, toy: Corpus) -> None:
    """The same inputs in reverse order, or one at a time, give the same line for each id."""
    items = claimbench.inputs(task, toy)
    training = toy.for_training() if task in TASKS[2:] else toy.without_source("zug")
    forward = {line["id"]: line for line in system().predict(task, items, training, 3)}
    backward = {line["id"]: line for line in system().predict(task, items[::-1], training, 3)}
    alone = [line for item in items[:2] for line in system().predict(task, [item], training, 3)]
    assert forward == backward
    assert alone == [forward[item["id"]] for item in items[:2]]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_only_random_heeds_the_seed(system: Any, task: str, toy: Corpus) -> None:
    """Other seeds change Random's lines and nobody else's."""
    first, *others = [claimbench.predict(task, system(), toy, seed=seed) for seed in range(3)]
    assert any(lines != first for lines in others) == (system is Random)


def test_hash_seed_changes_nothing() -> None:
    """Python's hash randomisation has no influence on what Tfidf predicts."""
    code = (
        "import json, sys; sys.path.insert(0, sys.argv[1]); import claimbench, test_baselines as t\n"
        "toy = t.toy_corpus()\n"
        "print(json.dumps([claimbench.predict(task, t.Tfidf(), toy) for task in t.TASKS]))"
    )
    command = [sys.executable, "-c", code, os.path.dirname(__file__)]
    outputs = set()
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        outputs.add(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert len(outputs) == 1
    assert all(json.loads(outputs.pop()))


class Spy:
    """Passes everything on to a system and keeps the training it was shown."""

    tasks = frozenset(TASKS)

    def __init__(self, system: Any) -> None:
        self.system = system
        self.seen: list[tuple[Sequence[Mapping[str, Any]], Corpus]] = []

    def predict(self, task: str, inputs: Sequence[Mapping[str, Any]], training: Corpus, seed: int) -> Any:
        self.seen.append((inputs, training))
        return self.system.predict(task, inputs, training, seed)


@pytest.mark.parametrize("task", TASKS)
def test_no_test_gold_is_shown(task: str, toy: Corpus) -> None:
    """Training holds no test item, and no article or claim of the source that is predicted."""
    spy = Spy(Tfidf())
    claimbench.predict(task, spy, toy)
    assert spy.seen
    for inputs, training in spy.seen:
        assert {item.split for item in (*training.verification, *training.questions)} <= {
            "train",
            "validation",
        }
        if task in ("detection", "extraction"):
            predicted = {item.get("article", item["id"]) for item in inputs}
            assert training.claims
            assert not predicted & {claim.article for claim in training.claims}
            assert not predicted & {article.id for article in training.articles}
        else:
            assert training.claims == ()


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_bare_training_is_enough(system: Any, task: str, toy: Corpus) -> None:
    """Without articles, claims and items to learn from, and without inputs, every system still answers."""
    bare = Corpus("toy", "toy", (), (), (), (), ())
    items = claimbench.inputs(task, toy)
    lines = list(system().predict(task, items, bare, 0))
    assert len(lines) == len(items)
    assert [found for line in lines for found in violations(f"prediction-{task}", line)] == []
    assert list(system().predict(task, [], toy, 0)) == []


@pytest.mark.parametrize("kept", [1, 3])
def test_tiny_training_falls_back(kept: int, toy: Corpus) -> None:
    """With items of one or two labels, labels never seen are the least likely and the sum stays one."""
    few = Corpus("toy", "toy", toy.articles, (), (), toy.verification[: 2 * kept], ())
    seen = {item.label for item in few.verification}
    for line in Tfidf().predict("verification", claimbench.inputs("verification", toy), few, 0):
        chances = line["probabilities"]
        assert sum(chances.values()) == pytest.approx(1, abs=1e-3)
        unseen = [chance for label, chance in chances.items() if label not in seen]
        assert 0 < max(unseen) < min(chances[label] for label in seen)


def _right(task: str, system: Any, toy: Corpus) -> float:
    lines = {line["id"]: line for line in claimbench.predict(task, system, toy)}
    if task == "detection":
        worth = {toy.sentence_of(claim) for claim in toy.claims}
        hits = [line["label"] == (name in worth) for name, line in lines.items()]
    elif task == "verification":
        hits = [lines[i.id]["label"] == i.label for i in toy.verification if i.split == "test"]
    elif task == "evidence":
        items = [i for i in toy.verification if i.split == "test" and i.evidence]
        hits = [lines[i.id]["evidence"][:1] == list(i.evidence[0].sentences) for i in items]
    else:
        items_asked = [q for q in toy.questions if q.split == "test"]
        hits = [lines[q.id]["answer"] == q.answers[0].text for q in items_asked]
    return sum(hits) / len(hits)


@pytest.mark.parametrize("task", ["detection", "evidence", "verification", "qa"])
def test_tfidf_beats_majority(task: str, toy: Corpus) -> None:
    """On easy toy articles Tfidf is right far more often than Majority."""
    assert _right(task, Tfidf(), toy) >= _right(task, Majority(), toy) + 0.25


def test_extracted_claims_are_quotes(toy: Corpus) -> None:
    """Every extracted claim is the article's text at its offsets, and furniture is left out by Tfidf."""
    for system in SYSTEMS:
        for line in claimbench.predict("extraction", system(), toy):
            text = toy.article_by_id[line["id"]].text
            assert all(text[c["start"] : c["end"]] == c["text"] for c in line["claims"])
    found = {c["text"] for line in claimbench.predict("extraction", Tfidf(), toy) for c in line["claims"]}
    assert "Der Auftrag kostet 300 Millionen Euro" in found
    assert "Jetzt abonnieren" not in found


def test_majority_breaks_ties_by_label_order(toy: Corpus) -> None:
    """Among equally frequent labels Majority takes the first in the order of the schema."""
    even = Corpus("toy", "toy", toy.articles, (), (), toy.verification[3:9], ())
    assert {item.label for item in even.verification} == {"refuted", "not_enough_info"}
    lines = list(Majority().predict("verification", [{"id": "v9-de"}], even, 0))
    assert lines[0]["label"] == "refuted"
    chances = lines[0]["probabilities"]
    assert chances["refuted"] == chances["not_enough_info"] == 4 * chances["supported"]


def test_majority_repeats_the_commonest(toy: Corpus) -> None:
    """Majority answers with the language's commonest answer and the sentences that served most often."""
    training = toy.for_training()
    answers = list(Majority().predict("qa", [{"id": "q9-nl", "language": "nl"}], training, 0))
    found = list(Majority().predict("evidence", [{"id": "v9-nl"}], training, 0))
    assert answers == [{"id": "q9-nl", "answer": "30 Prozent", "confidence": 0.4}]
    assert found == [{"id": "v9-nl", "evidence": ["bank-de#1", "bank-de#4"]}]


def test_abstention_declines_unsure_verdicts(toy: Corpus) -> None:
    """Tfidf abstains exactly where its best probability is below the bound, and never by default."""
    sure = claimbench.predict("verification", Tfidf(), toy)
    bound = sorted(max(line["probabilities"].values()) for line in sure)[len(sure) // 2]
    lines = claimbench.predict("verification", Tfidf(abstain_below=bound), toy)
    assert not any("abstain" in line for line in sure)
    assert 0 < sum(line.get("abstain", False) for line in lines) < len(lines)
    for line in lines:
        below = max(line["probabilities"].values()) < bound
        assert (line["label"] is None) == below == line.get("abstain", False)
        assert list(violations("prediction-verification", line)) == []


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("Wie viel Geld zahlt Meta?", "de", "money"),
        ("Hoeveel procent koopt Meta?", "nl", "percent"),
        ("Welchen Anteil kauft Meta?", "de", "percent"),
        ("How much did Meta invest for its stake?", "en", "money"),
        ("How many employees left?", "en", "number"),
        ("Wer leitet das Labor?", "de", "person"),
        ("Wie leidt het lab?", "nl", "person"),
        ("Wie reagierte Google?", "de", "description"),
        ("When was Scale founded?", "en", "date"),
        ("Waarom trekt Google zich terug?", "nl", "reason"),
        ("Hat Meta den Kauf bestätigt?", "de", "yes_no"),
        ("Wessen Firma kauft Nordbank?", "de", "person"),
        ("Welk nieuw model verkoopt Wagonia?", "nl", "product"),
        ("In which country is the port?", "en", "place"),
        ("Hoe heet het moederbedrijf van Ruderwerk?", "nl", "organisation"),
        ("Welche Unternehmen werden als Käufer genannt?", "de", "list"),
    ],
)
def test_questions_tell_what_they_expect(question: str, language: str, kind: str) -> None:
    """The wording of a question gives its kind of answer away, in each of the three languages."""
    assert expected(question, language) == kind


def test_spans_have_the_kind_asked_for() -> None:
    """From one sentence each kind of question gets the stretch that fits it."""
    text = "Im Jahr 2024 zahlte Nordbank 1,5 Mrd. Euro für 49 Prozent, sagte Anna Berger."
    plain = plain_words([text, "im"])
    found = {k: candidates(k, text, "de", plain) for k in ("money", "percent", "date", "person")}
    assert found == {
        "money": ["1,5 Mrd. Euro"],
        "percent": ["49 Prozent"],
        "date": ["2024"],
        "person": ["Anna Berger"],
    }


def test_german_nouns_are_no_names() -> None:
    """In German a noun after an article or with a noun's ending is no name; in Dutch a capital suffices."""
    german = "Die Bank kauft in einem Land aus Hoffnung das neue GPT-5 von Wagonia."
    assert names("organisation", german, "de", plain_words(["die"])) == ["GPT-5", "Wagonia"]
    dutch = "Volgens de Zeitung koopt Nordbank het."
    assert names("organisation", dutch, "nl", plain_words(["volgens"])) == ["Zeitung", "Nordbank"]


def test_lists_and_reasons_are_cut_out() -> None:
    """A list is the enumeration of names as it stands, a reason starts with its conjunction."""
    text = "Kunden wie Nordbank, Wagonia und Ostlinie gehen, weil der Preis zu hoch ist."
    assert candidates("list", text, "de", frozenset()) == ["Nordbank, Wagonia und Ostlinie"]
    assert candidates("reason", text, "de", frozenset()) == ["weil der Preis zu hoch ist"]


def test_news_is_what_the_question_does_not_say() -> None:
    """The longest stretch without words of the question is kept, and the sentence where there is none."""
    text = "Nach dem Kauf meldete Wagonia einen Schub der Nachfrage."
    assert longest_news(text, "Was meldete Wagonia nach dem Kauf?") == "einen Schub der Nachfrage"
    assert longest_news("Wagonia wächst.", "Wächst Wagonia?") == "Wagonia wächst."


def test_texts_are_widened_into_the_articles_languages() -> None:
    """Words of the list bring their German and Dutch stems along, other texts stay as they are."""
    assert widened("Its revenues fell", "en").split()[3:] == ["einnahme", "inkomsten", "umsatz", "omzet"]
    assert widened("Wagonia 12", "en") == "Wagonia 12"


def test_null_as_often_as_gold_has_no_answer(toy: Corpus) -> None:
    """On the questions it learnt from, Tfidf leaves as many without an answer as gold does."""
    training = toy.for_training()
    questions = [{"id": q.id, "question": q.question, "language": q.language} for q in training.questions]
    lines = list(Tfidf().predict("qa", questions, training, 0))
    without = sum(not q.answerable for q in training.questions)
    assert without == 3
    assert sum(line["answer"] is None for line in lines) == without


def test_clauses_keep_their_offsets() -> None:
    """Clauses are cut at conjunctions and punctuation, cover no mark at their end, and keep their offsets."""
    text = "Meta zahlt viel Geld dafür, während Google alle Verträge kündigt; danach fällt der Umsatz stark."
    assert [text[start:end] for start, end in clauses(text)] == [
        "Meta zahlt viel Geld dafür",
        "während Google alle Verträge kündigt",
        "danach fällt der Umsatz stark",
    ]
    assert clauses("") == []
    assert all(re.search(r"\w", text[start:end]) for start, end in clauses(text))
