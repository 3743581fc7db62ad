"""``validate``: a right corpus has no findings, and every mistake is found where it is."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from claimbench.errors import InputError, Problem, UsageError
from claimbench.reading.corpus import KINDS, content_digest, load_corpus
from claimbench.reading.paths import corpus_path
from claimbench.validation import LINKS, OWN, unaccounted, validate
from claimbench.validation.leaks import TOO_ALIKE, likeness

Json = Any
Corpus = dict[str, list[dict[str, Json]]]

A = (
    "🚀 Alpha kauft Beta\n"
    "Alpha kauft Beta für 5\u00a0Millionen Dollar 💶. Seit 2024 hofft Beta darauf. Wer weiß?\n"
)
B = "Alpha neemt Beta over\nAlpha koopt Beta voor 7 miljoen dollar. En Beta heeft 14,3 miljoen klanten.\n"
C = "Alpha koopt Beta\n"


def article(name: str, text: str, title: str, source: str, twin: list[str], sentences: list[str]) -> Json:
    unknown = {"value": None, "basis": "unknown", "note": None}
    ends = text.index("\n")
    parts = [("title", 0, ends)] + ([("body", ends + 1, len(text) - 1)] if ends + 1 < len(text) else [])
    return {
        "id": name,
        "language": name[-2:],
        "title": title,
        "source": source,
        "provenance": dict.fromkeys(("publisher", "author", "date", "original_url", "reported_by"), unknown),
        "translation": {
            "status": "none_found",
            "machine": "none_found",
            "original_language": None,
            "same_original": twin,
            "note": None,
        },
        "reference_time": {"value": "2025-06", "basis": "inferred", "note": "Made up."},
        "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "text": text,
        "segments": [{"kind": k, "language": name[-2:], "start": s, "end": e} for k, s, e in parts],
        "sentences": [{"id": f"{name}#{n}", **at(text, s)} for n, s in enumerate(sentences, start=1)],
        "nonclaims": [],
    }


def at(text: str, words: str, last: bool = False) -> dict[str, int]:
    start = text.rindex(words) if last else text.index(words)
    return {"start": start, "end": start + len(words)}


def claim(name: str, text: str, words: str, fact: str, **fields: Json) -> Json:
    last = fields.pop("last", False)
    return {
        "id": name,
        "article": name.partition(".")[0],
        "spans": [{**at(text, words, last), "quote": words}],
        "text": words,
        "text_en": words,
        "kind": "event",
        "certainty": "asserted",
        "attribution": None,
        "quantities": [],
        "time": None,
        "checkworthiness": 2,
        "presupposed": False,
        "duplicate_of": None,
        "fact": fact,
    } | fields


def fact(name: str, component: str, split: str, readings: dict[str, list[str]], *relations: Json) -> Json:
    return {
        "id": name,
        "statement": {"de": name, "nl": name, "en": name},
        "component": component,
        "split": split,
        "readings": [
            {
                "article": key,
                "claims": claims,
                "value": "so",
                "status": "done",
                "certainty": "asserted",
                "attribution": None,
                "as_of": None,
            }
            for key, claims in readings.items()
        ],
        "relations": list(relations),
    }


def relation(kind: str, other: str | None, *articles: str) -> Json:
    return {"type": kind, "fact": other, "articles": list(articles), "explanation": "They differ."}


def evidence(*sets: str) -> Json:
    """Sets written as "+a#1 a#2" (supports) or "-a#1" (refutes)."""
    stances = {"+": "supports", "-": "refutes"}
    return [{"stance": stances[one[0]], "sentences": one[1:].split()} for one in sets]


def family(name: str, label: str, sets: Json, texts: dict[str, str], needed: int, **fields: Json) -> Json:
    partner = fields.pop("contrast_of", None)
    for language in sorted(texts):
        yield {
            "id": f"{name}-{language}",
            "claim": texts[language],
            "language": language,
            "label": label,
            "evidence": copy.deepcopy(sets),
            "facts": ["f-price"],
            "family": name,
            "contrast_of": f"{partner}-{language}" if partner else None,
            "edit": None,
            "split": "test",
            "sources_needed": needed,
            "rationale": "The texts say so.",
        } | copy.deepcopy(fields)


def questions(name: str, kind: str, texts: dict[str, str], **fields: Json) -> Iterator[Json]:
    for language in sorted(texts):
        yield {
            "id": f"{name}-{language}",
            "question": texts[language],
            "language": language,
            "kind": kind,
            "answers": [],
            "answerable": True,
            "evidence": evidence("+tiny-a-de#2"),
            "facts": ["f-price"],
            "family": name,
            "split": "test",
            "sources_needed": 1,
            "rationale": "The texts say so.",
        } | copy.deepcopy(fields)


def answers(**texts: Json) -> Json:
    """Answers in three languages with the same further fields."""
    return [
        {"language": language, "text": f"{language} text", "variants": ["other"]} | texts
        for language in ("de", "nl", "en")
    ]


def wordings(de: str, nl: str, en: str) -> dict[str, str]:
    return {"de": de, "nl": nl, "en": en}


def tiny() -> Corpus:
    """A small right corpus with every feature the rules speak of."""
    a = article("tiny-a-de", A, "Alpha kauft Beta", "tiny-a", ["tiny-c-nl"], [
        "🚀 Alpha kauft Beta", "Alpha kauft Beta für 5\u00a0Millionen Dollar 💶.",
        "Seit 2024 hofft Beta darauf.", "Wer weiß?",
    ])  # fmt: skip
    a["nonclaims"] = [{**at(A, "Wer weiß?"), "quote": "Wer weiß?", "reason": "question"}]
    b = article("tiny-b-nl", B, "Alpha neemt Beta over", "tiny-b", [], [
        "Alpha neemt Beta over", "Alpha koopt Beta voor 7 miljoen dollar.",
        "En Beta heeft 14,3 miljoen klanten.",
    ])  # fmt: skip
    c = article("tiny-c-nl", C, "Alpha koopt Beta", "tiny-a", ["tiny-a-de"], ["Alpha koopt Beta"])
    money = {"value": 5e6, "unit": "money", "currency": "USD", "approximator": None}
    count = {"value": 14.3e6, "unit": "count", "currency": None, "approximator": None}
    return {
        "articles": [a, b, c],
        "facts": [
            fact("f-buys", "deal", "test", {"tiny-a-de": ["tiny-a-de.c1", "tiny-a-de.c2"],
                 "tiny-b-nl": ["tiny-b-nl.c1"], "tiny-c-nl": ["tiny-c-nl.c1"]},
                 relation("translation_divergence", None, "tiny-a-de", "tiny-c-nl")),
            fact("f-customers", "customers", "train", {"tiny-b-nl": ["tiny-b-nl.c3"]}),
            fact("f-hope", "hope", "train", {"tiny-a-de": ["tiny-a-de.c4"]}),
            fact("f-price", "deal", "test", {"tiny-a-de": ["tiny-a-de.c3"], "tiny-b-nl": ["tiny-b-nl.c2"]},
                 relation("refines", "f-buys", "tiny-a-de"), relation("contradicts", None, "tiny-b-nl")),
        ],
        "claims": [
            claim("tiny-a-de.c1", A, "Alpha kauft Beta", "f-buys"),
            claim("tiny-a-de.c2", A, "Alpha kauft Beta", "f-buys", last=True, duplicate_of="tiny-a-de.c1"),
            claim("tiny-a-de.c3", A, "Beta für 5\u00a0Millionen Dollar", "f-price",
                  quantities=[{"quote": "5\u00a0Millionen Dollar", **money}]),
            claim("tiny-a-de.c4", A, "Seit 2024 hofft Beta darauf", "f-hope",
                  time={"quote": "Seit 2024", "value": "2024/..", "relative": False}),
            claim("tiny-b-nl.c1", B, "Alpha neemt Beta over", "f-buys"),
            claim("tiny-b-nl.c2", B, "Alpha koopt Beta voor 7 miljoen dollar", "f-price"),
            claim("tiny-b-nl.c3", B, "Beta heeft 14,3 miljoen klanten", "f-customers",
                  quantities=[{"quote": "14,3 miljoen", **count}]),
            claim("tiny-c-nl.c1", C, "Alpha koopt Beta", "f-buys"),
        ],
        "verification": [
            *family("v1", "supported", evidence("+tiny-a-de#2"), wordings(
                "Alpha zahlt fünf Millionen.", "Alpha betaalt vijf miljoen.", "Alpha pays five million."), 1),
            *family("v2", "refuted", evidence("-tiny-a-de#2"), wordings(
                "Alpha zahlt neun Millionen.", "Alpha betaalt negen miljoen.", "Alpha pays nine million."),
                1, contrast_of="v1", edit="number"),
            *family("v3", "conflicting", evidence("+tiny-a-de#2", "-tiny-b-nl#2"), wordings(
                "Sieben Millionen sind viel.", "Zeven miljoen is veel.", "Seven million is much."), 2),
            *family("v4", "not_enough_info", [], wordings(
                "Alpha zahlt bar.", "Alpha betaalt contant.", "Alpha pays cash."), 0),
            *family("v10", "supported", evidence("+tiny-b-nl#3", "+tiny-b-nl#1 tiny-b-nl#2"), wordings(
                "Beta hat viele Kunden.", "Beta heeft veel klanten.", "Beta has many customers."),
                1, split="train", facts=["f-customers"]),
        ],
        "questions": [
            *questions("q1", "money", wordings("Wie viel?", "Hoeveel?", "How much?"),
                       answers=answers(value=5000000, unit="USD")),
            *questions("q2", "yes_no", wordings("Gekauft?", "Gekocht?", "Bought?"),
                       answers=answers(value=True)),
            *questions("q3", "list", wordings("Wer?", "Wie?", "Who?"),
                       answers=answers(value=["Alpha", "Beta"]),
                       evidence=evidence("+tiny-a-de#2 tiny-b-nl#2"), sources_needed=2),
            *questions("q4", "reason", wordings("Warum?", "Waarom?", "Why?"), answerable=False, evidence=[],
                       sources_needed=0),
        ],
    }  # fmt: skip


def write(folder: Path, corpus: Corpus) -> Path:
    (folder / "annotation").mkdir(parents=True)
    (folder / "articles").mkdir()
    for name, records in corpus.items():
        lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
        (folder / "annotation" / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    for name, text in (("tiny-a-de", A), ("tiny-b-nl", B), ("tiny-c-nl", C)):
        (folder / "articles" / f"{name}.txt").write_bytes(text.encode())
    return folder


@pytest.fixture
def shipped_shape(tmp_path: Path) -> Path:
    return write(tmp_path / "corpus", tiny())


def records_of(corpus: Corpus, wanted: str) -> Iterator[tuple[str, int, dict[str, Json]]]:
    """(file, line, record) of an id; "v1-*" is the whole family."""
    for name, records in corpus.items():
        for line, record in enumerate(records, start=1):
            if record["id"] == wanted or (wanted.endswith("*") and record["id"].startswith(wanted[:-1])):
                yield name, line, record


def put(record: Json, pointer: str, value: Json) -> None:
    *way, last = (int(part) if part.isdecimal() else part for part in pointer.split("/")[1:])
    for part in way:
        record = record[part]
    record[last] = value(record[last]) if callable(value) else value


def places(problems: list[Problem]) -> set[tuple[str, int, str, str]]:
    return {(Path(p.file).stem, p.line, p.pointer, p.keyword) for p in problems}


def plus(number: int) -> Callable[[int], int]:
    return lambda old: old + number


def only(language: str) -> Callable[[Json], Json]:
    return lambda old: [answer for answer in old if answer["language"] == language]


T = at(A, "2024")["start"]

# id, field to set, its wrong value; then the rule that must object, at which pointer (by default the same
# field) and of which record (by default the same, of a family the first).
WRONG: list[tuple[Json, ...]] = [
    ("tiny-a-de", "/text", A.replace("Wer", "Was"), "text_is_the_file"),
    ("tiny-a-de", "/sha256", "0" * 64, "sha256_of_text"),
    ("tiny-a-de", "/title", "Beta kauft Alpha", "title_in_text"),
    ("tiny-a-de", "/segments/1/end", 900, "parts_in_order"),
    ("tiny-a-de", "/segments/1/start", 3, "parts_in_order"),
    ("tiny-a-de", "/sentences/2/start", plus(-3), "parts_in_order"),
    ("tiny-a-de", "/sentences/2/end", 4, "parts_in_order"),
    ("tiny-a-de", "/sentences", lambda old: list(reversed(old)), "parts_in_order", "/sentences/1/start"),
    ("tiny-a-de", "/nonclaims/0/end", 900, "parts_in_order"),
    ("tiny-a-de", "/segments/1/end", plus(-1), "parts_cover_text", "/segments"),
    ("tiny-a-de", "/sentences/1/end", plus(-1), "parts_cover_text", "/sentences"),
    ("tiny-a-de", "/segments/0/end", plus(-2), "sentence_within_segment", "/sentences/0"),
    ("tiny-a-de", "/sentences/1/id", "tiny-a-de#7", "sentences_numbered"),
    ("tiny-a-de", "/nonclaims/0/quote", "Wer fragt?", "nonclaim_quotes"),
    ("tiny-a-de", "/translation/same_original/0", "tiny-x-de", "same_original_is_mutual"),
    ("tiny-a-de", "/translation/same_original/0", "tiny-a-de", "same_original_is_mutual"),
    ("tiny-a-de", "/translation/same_original/0", "tiny-b-nl", "same_original_is_mutual"),
    ("tiny-c-nl", "/source", "tiny-c", "same_original_is_mutual", "/translation/same_original/0"),
    ("tiny-b-nl", "/id", "tiny-a-de", "ids_unique"),
    ("tiny-a-de", "/id", "tiny-z-de", "ids_sorted", "/id", "tiny-b-nl"),
    ("tiny-a-de.c1", "/article", "tiny-x-de", "article_exists"),
    ("tiny-a-de.c1", "/article", "tiny-b-nl", "id_names_article", "/id"),
    ("tiny-a-de.c1", "/spans", lambda old: old * 2, "spans_in_text", "/spans/1/start"),
    ("tiny-a-de.c1", "/spans/0/end", 900, "spans_in_text"),
    ("tiny-a-de.c1", "/spans/0/end", 2, "spans_in_text"),
    ("tiny-a-de.c1", "/spans/0/quote", "Alpha kaufte Beta", "spans_in_text"),
    ("tiny-a-de.c3", "/spans/0/quote", "Beta für 5 Millionen Dollar", "spans_in_text"),
    ("tiny-a-de.c4", "/spans/0", {"start": T + 2, "end": T + 4, "quote": "24"}, "spans_in_text",
     "/spans/0/start"),
    ("tiny-a-de.c4", "/spans/0", {"start": T, "end": T + 2, "quote": "20"}, "spans_in_text", "/spans/0/end"),
    ("tiny-a-de.c4", "/spans/0", {"start": T - 1, "end": T + 4, "quote": " 2024"}, "spans_in_text",
     "/spans/0/start"),
    ("tiny-a-de.c4", "/spans/0", {"start": T, "end": T + 5, "quote": "2024 "}, "spans_in_text",
     "/spans/0/end"),
    ("tiny-b-nl.c3", "/spans/0", {**at(B, "Beta heeft 14"), "quote": "Beta heeft 14"}, "spans_in_text",
     "/spans/0/end"),
    ("tiny-b-nl.c3", "/spans/0", {**at(B, "3 miljoen"), "quote": "3 miljoen"}, "spans_in_text",
     "/spans/0/start"),
    ("tiny-a-de.c3", "/quantities/0/quote", "5 Millionen", "quantities_in_spans"),
    ("tiny-b-nl.c3", "/quantities/0/currency", "USD", "only_money_has_currency"),
    ("tiny-a-de.c4", "/time/quote", "Seit 2023", "time_in_article"),
    ("tiny-a-de.c2", "/duplicate_of", "tiny-a-de.c9", "duplicate_repeats_original"),
    ("tiny-a-de.c2", "/duplicate_of", "tiny-a-de.c2", "duplicate_repeats_original"),
    ("tiny-a-de.c2", "/duplicate_of", "tiny-b-nl.c1", "duplicate_repeats_original"),
    ("tiny-a-de.c2", "/duplicate_of", "tiny-a-de.c3", "duplicate_repeats_original"),
    ("tiny-a-de.c1", "/duplicate_of", "tiny-a-de.c2", "duplicate_repeats_original"),
    ("tiny-a-de.c1", "/duplicate_of", "tiny-a-de.c2", "duplicate_repeats_original", "/duplicate_of",
     "tiny-a-de.c2"),
    ("tiny-a-de.c1", "/spans/0/start", 60, "duplicate_repeats_original", "/duplicate_of", "tiny-a-de.c2"),
    ("tiny-a-de.c2", "/duplicate_of", None, "repeats_are_marked"),
    ("tiny-a-de.c4", "/fact", "f-nothing", "fact_lists_claim"),
    ("tiny-a-de.c4", "/fact", "f-customers", "fact_lists_claim"),
    ("f-buys", "/readings/0/claims", ["tiny-a-de.c1"], "fact_lists_claim", "/fact", "tiny-a-de.c2"),
    ("tiny-a-de.c4", "/id", "tiny-a-de.c3", "ids_unique"),
    ("f-hope", "/readings/0/article", "tiny-x-de", "reading_articles"),
    ("f-hope", "/readings/0/claims/0", "tiny-a-de.c9", "reading_claims"),
    ("f-hope", "/readings/0/claims/0", "tiny-b-nl.c3", "reading_claims"),
    ("f-hope", "/readings/0/claims/0", "tiny-a-de.c1", "reading_claims"),
    ("f-hope", "/readings", lambda old: old * 2, "one_reading_an_article", "/readings/1/article"),
    ("f-price", "/relations/0/fact", "f-nothing", "relation_target"),
    ("f-price", "/relations/0/fact", "f-price", "relation_target"),
    ("f-price", "/relations/0/articles/0", "tiny-x-de", "relation_articles"),
    ("f-price", "/split", "train", "component_has_one_split"),
    ("f-buys", "/component", "other", "related_share_component", "/relations/0/fact", "f-price"),
    ("v1-de", "/id", "v1-nl", "id_is_family_and_language"),
    ("v4-de", "/family", "v5", "family_is_complete"),
    *(("v1-nl", f"/{field}", value, "family_agrees") for field, value in (
        ("label", "refuted"), ("split", "train"), ("facts", ["f-buys"]), ("evidence", []), ("edit", "time"),
        ("sources_needed", 2))),
    ("v2-nl", "/claim", "alpha  betaalt vijf miljoen.", "text_is_unique"),
    ("v1-*", "/facts/0", "f-nothing", "facts_exist"),
    ("v1-*", "/facts/0", "f-hope", "facts_exist"),
    ("v1-*", "/evidence/0/sentences/0", "tiny-a-de#9", "evidence_exists"),
    ("v1-*", "/evidence", evidence("+tiny-a-de#2", "+tiny-a-de#2"), "sets_are_minimal",
     "/evidence/1/sentences"),
    ("v1-*", "/evidence", evidence("+tiny-a-de#1 tiny-a-de#2", "+tiny-a-de#2"), "sets_are_minimal",
     "/evidence/0/sentences"),
    ("v1-*", "/sources_needed", 2, "sources_counted"),
    ("v3-*", "/sources_needed", 1, "sources_counted"),
    ("v4-*", "/sources_needed", 1, "sources_counted"),
    ("v1-*", "/evidence", [], "evidence_fits_label"),
    ("v4-*", "/evidence", evidence("+tiny-a-de#1"), "evidence_fits_label", "/evidence/0/stance"),
    ("v1-*", "/evidence/0/stance", "refutes", "evidence_fits_label"),
    ("v2-*", "/evidence/0/stance", "supports", "evidence_fits_label"),
    ("v3-*", "/evidence/1/stance", "supports", "evidence_fits_label", "/evidence"),
    ("v2-*", "/edit", None, "edit_has_partner"),
    ("v1-*", "/edit", "number", "edit_has_partner"),
    ("v2-*", "/contrast_of", "v9-de", "contrast_exists"),
    ("v2-nl", "/contrast_of", "v1-de", "contrast_exists"),
    ("v2-nl", "/contrast_of", "v3-nl", "contrast_is_the_familys"),
    ("v2-*", "/split", "train", "contrast_exists", "/contrast_of"),
    ("v2-de", "/contrast_of", "v2-de", "contrast_has_no_cycle"),
    ("v1-de", "/contrast_of", "v2-de", "contrast_has_no_cycle"),
    ("v1-de", "/contrast_of", "v2-de", "contrast_has_no_cycle", "/contrast_of", "v2-de"),
    ("q1-nl", "/kind", "percent", "family_agrees"),
    ("q1-nl", "/answerable", False, "family_agrees"),
    ("q1-nl", "/split", "train", "family_agrees"),
    ("q1-nl", "/id", "q1-en", "ids_unique"),
    ("q2-nl", "/question", "Hoeveel?", "text_is_unique"),
    ("q1-*", "/facts/0", "f-hope", "facts_exist"),
    ("q1-*", "/evidence/0/sentences/0", "tiny-x-de#1", "evidence_exists"),
    ("q3-*", "/sources_needed", 1, "sources_counted"),
    ("q1-*", "/answers", [], "answers_fit_answerable"),
    ("q1-*", "/evidence", [], "answers_fit_answerable"),
    ("q4-*", "/answers", answers(), "answers_fit_answerable"),
    ("q4-*", "/evidence", evidence("+tiny-a-de#1"), "answers_fit_answerable"),
    ("q1-*", "/answers", only("de"), "answer_in_each_language"),
    ("q1-*", "/answers/1/value", "5", "value_fits_kind"),
    ("q1-*", "/answers/1/value", True, "value_fits_kind"),
    ("q1-*", "/answers/1", {"language": "nl", "text": "5", "variants": [], "value": 5}, "value_fits_kind",
     "/answers/1/unit"),
    ("q1-*", "/answers/1", {"language": "nl", "text": "5", "variants": [], "unit": "USD"}, "value_fits_kind",
     "/answers/1/value"),
    ("q2-*", "/answers/1/value", 1, "value_fits_kind"),
    ("q3-*", "/answers/1/value", "Alpha", "value_fits_kind"),
    ("q2-*", "/answers/2/value", False, "truth_values_agree"),
    ("q1-*", "/answers/0/variants/0", "de text", "variants_are_others"),
    ("v10-nl", "/claim", "Alpha betaalt vijf miljoen.", "text_leaks"),
    ("v1-de", "/label", "suported", "enum"),
    ("f-hope", "/readings", [], "minItems"),
]  # fmt: skip


def name_of(case: tuple[Json, ...]) -> str:
    return f"{case[3]} {case[0]}{case[1]}".replace("/", ".")


@pytest.mark.parametrize("case", WRONG, ids=map(name_of, WRONG))
def test_every_mistake_is_found_where_it_is(case: tuple[Json, ...], tmp_path: Path) -> None:
    """One wrong field gives a finding with file, line, pointer and the rule it breaks."""
    wrong_id, field, value, rule = case[:4]
    pointer = case[4] if len(case) > 4 else field
    corpus = tiny()
    expected = next(records_of(corpus, case[5] if len(case) > 5 else wrong_id))[:2]
    for _, _, record in list(records_of(corpus, wrong_id)):
        put(record, field, copy.deepcopy(value) if not callable(value) else value)
    assert (*expected, pointer, rule) in places(validate(write(tmp_path / "corpus", corpus)))


def test_every_rule_is_broken_once() -> None:
    """The table above holds a mistake for every rule there is."""
    rules = {rule.__name__ for table in (OWN, LINKS) for rules in table.values() for rule in rules}
    assert rules <= {case[3] for case in WRONG}


def test_right_corpus_has_no_findings(shipped_shape: Path) -> None:
    """A corpus in which all is right passes, with emoji and no-break spaces before its offsets."""
    assert A.index("Seit") != A.encode("utf-16-le").index("Seit".encode("utf-16-le")) // 2
    assert validate(shipped_shape) == []
    assert load_corpus(shipped_shape).articles[0].id == "tiny-a-de"


def test_shift_is_named(tmp_path: Path) -> None:
    """Offsets counted in UTF-16 units give a finding that says where the quote is, and how far off."""
    corpus = tiny()
    span = corpus["claims"][3]["spans"][0]
    start = span["start"]
    span["start"], span["end"] = start + 2, span["end"] + 2
    [found] = validate(write(tmp_path / "corpus", corpus))
    assert found.pointer == "/spans/0/quote"
    assert f"is at {start}–{span['end'] - 2} (start off by +2, end by +2)" in found.message


def test_missing_text_file_is_found(shipped_shape: Path) -> None:
    """An article without its text file is a finding."""
    (shipped_shape / "articles" / "tiny-b-nl.txt").unlink()
    assert places(validate(shipped_shape)) == {("articles", 2, "/id", "text_is_the_file")}


def test_missing_language_is_found(tmp_path: Path) -> None:
    """A family without one of its languages is a finding at its first item."""
    corpus = tiny()
    corpus["questions"] = [item for item in corpus["questions"] if item["id"] != "q2-en"]
    assert places(validate(write(tmp_path / "corpus", corpus))) == {
        ("questions", 4, "/family", "family_is_complete")
    }


def test_natural_order(tmp_path: Path) -> None:
    """Items are sorted by number, so v10 before v2 is a finding."""
    corpus = tiny()
    corpus["verification"] = corpus["verification"][12:] + corpus["verification"][:12]
    assert places(validate(write(tmp_path / "corpus", corpus))) == {("verification", 4, "/id", "ids_sorted")}


@pytest.mark.parametrize(
    "broken", ['{"id": "f-hope", "statement": ', '{"id": "f-hope"}', '{"id": "f-hope", "id": 1}']
)
def test_unreadable_record_is_one_finding(shipped_shape: Path, broken: str) -> None:
    """A line that is no record is reported with its line; what refers to its id is not blamed for it."""
    path = shipped_shape / "annotation" / "facts.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[2] = broken
    path.write_text("\n".join(lines), encoding="utf-8")
    found = validate(shipped_shape)
    assert {(p.file, p.line) for p in found} == {(str(path), 3)}


def test_other_lines_are_still_checked(tmp_path: Path) -> None:
    """After broken JSON on line 7 the lines before and behind are held against all rules."""
    corpus = tiny()
    corpus["claims"][0]["checkworthiness"] = 3
    corpus["claims"][7]["spans"][0]["quote"] = "Alpha"
    folder = write(tmp_path / "corpus", corpus)
    path = folder / "annotation" / "claims.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[6] = lines[6][:-1] + ', "kind": NaN'
    path.write_text("\n".join(lines), encoding="utf-8")
    assert places(validate(folder)) == {
        ("claims", 1, "/checkworthiness", "enum"),
        ("claims", 7, "", "json"),
        ("claims", 8, "/spans/0/quote", "spans_in_text"),
    }


def test_a_whole_float_is_no_integer(tmp_path: Path) -> None:
    """2.0 where a whole number belongs is a finding with its pointer, as the typed records refuse it."""
    corpus = tiny()
    corpus["claims"][0]["spans"][0]["start"] = 2.0
    assert ("claims", 1, "/spans/0/start", "type") in places(validate(write(tmp_path / "corpus", corpus)))


@pytest.mark.parametrize("form", ["bom", "crlf", "blank lines", "no final newline"])
def test_harmless_forms_are_read(shipped_shape: Path, form: str) -> None:
    """BOM, CRLF, blank lines and a missing final newline change nothing."""
    for name in KINDS:
        path = shipped_shape / "annotation" / f"{name}.jsonl"
        data = path.read_bytes()
        path.write_bytes({
            "bom": b"\xef\xbb\xbf" + data,
            "crlf": data.replace(b"\n", b"\r\n"),
            "blank lines": b"\n" + data.replace(b"\n", b"\n \n"),
            "no final newline": data.removesuffix(b"\n"),
        }[form])  # fmt: skip
    assert validate(shipped_shape) == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "no such file"),
        (b"", "empty"),
        ('{"id": "f-a"}'.encode("utf-16"), "UTF-16"),
        (b'{"id": "f-a"}\n{"id": "\xe4"}', "facts.jsonl:2: not UTF-8 (byte 0xe4)"),
    ],
)
def test_what_cannot_be_read_is_an_error(shipped_shape: Path, data: bytes | None, message: str) -> None:
    """A missing or empty file and one that is not UTF-8 raise InputError, which exits with 2."""
    path = shipped_shape / "annotation" / "facts.jsonl"
    path.unlink() if data is None else path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        validate(shipped_shape)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)


def test_wrong_arguments_are_errors(shipped_shape: Path) -> None:
    """No corpus folder, a file without its kind and an unknown kind are refused, with the near miss."""
    with pytest.raises(InputError, match="not a corpus folder"):
        validate(shipped_shape / "nowhere")
    with pytest.raises(UsageError, match="say what it holds"):
        validate(shipped_shape / "annotation" / "facts.jsonl")
    with pytest.raises(UsageError, match="did you mean 'fact'"):
        validate(shipped_shape / "annotation" / "facts.jsonl", "facts")
    with pytest.raises(UsageError, match="which file"):
        validate(None, "fact")


def test_single_file_of_the_corpus(shipped_shape: Path) -> None:
    """One file is checked by schema and by the rules it decides alone, without blaming absent files."""
    for name, (kind, _) in KINDS.items():
        assert validate(shipped_shape / "annotation" / f"{name}.jsonl", kind) == []
    path = shipped_shape / "annotation" / "verification.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"refuted"', '"supported"'), encoding="utf-8")
    assert {p.keyword for p in validate(path, "verification")} == {"evidence_fits_label"}


def test_prediction_file(tmp_path: Path) -> None:
    """A prediction file is held against its schema, and a run may have one line an item."""
    path = tmp_path / "lines.jsonl"
    probabilities = {"supported": 0.5, "refuted": 0.4, "conflicting": 0.1, "not_enough_info": 0.1}
    lines = [
        {"id": "v1-de", "label": "refuted"},
        {"id": "v1-de", "label": "refuted", "run": "b"},
        {"id": "v1-de", "label": "refutd"},
        {"id": "v1-de", "label": "refuted", "system": "b"},
        {"id": "v1-nl", "label": "refuted", "probabilities": probabilities},
        {"id": "v1-nl", "label": "refuted", "seed": 1.0, "run": "c"},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert places(validate(path, "prediction-verification")) == {
        ("lines", 3, "/label", "enum"),
        ("lines", 4, "/id", "ids_unique"),
        ("lines", 5, "/probabilities", "probabilities_sum_to_one"),
        ("lines", 6, "/seed", "anyOf"),
    }


@pytest.mark.parametrize(
    ("claim", "pointer"),
    [
        ({"start": 3}, "/claims/0/end"),
        ({"end": 3}, "/claims/0/start"),
        ({"start": 3, "end": 3}, "/claims/0/end"),
    ],
)
def test_prediction_spans(tmp_path: Path, claim: dict[str, int], pointer: str) -> None:
    """A predicted claim with half a span or an empty one is a finding."""
    path = tmp_path / "lines.jsonl"
    path.write_text(json.dumps({"id": "tiny-a-de", "claims": [{"text": "x", **claim}]}), encoding="utf-8")
    expected = {("lines", 1, pointer, "claims_have_whole_spans")}
    assert places(validate(path, "prediction-extraction")) == expected


def test_document_names_the_line(tmp_path: Path) -> None:
    """A report is one JSON value; broken syntax in it is reported with its line."""
    path = tmp_path / "report.json"
    path.write_text('{\n"task": "qa",\n"split" "test"}', encoding="utf-8")
    assert places(validate(path, "report")) == {("report", 3, "", "json")}


def test_deep_nesting_is_a_finding(tmp_path: Path) -> None:
    """However deep a line nests, the answer is a finding: no depth between right and hopeless gets lost."""
    path = tmp_path / "lines.jsonl"
    depths = range(800, 1010)
    path.write_text("".join(f'{{"id": {"[" * n}{"]" * n}}}\n' for n in depths), encoding="utf-8")
    found = validate(path, "prediction-qa")
    assert {p.line for p in found} == set(range(1, len(depths) + 1))
    assert {"nested too deeply"} == {p.message for p in found if p.keyword == "json"}


def manifest(folder: Path) -> dict[str, Json]:
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {
        "version": "1.0.0",
        "canary": "claimbench:canary:00000000-0000-0000-0000-000000000000",
        "digest": content_digest(folder),
        "configs": {},
        "counts": {},
        "files": {
            p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
        },
    }


@pytest.mark.parametrize(
    ("field", "value", "pointer"),
    [
        ("canary", "claimbench:canary:00000000-0000-0000-0000-000000000000", None),
        ("version", "1.0.1", "/version"),
        ("digest", "0" * 64, "/digest"),
        ("files", {"articles/tiny-a-de.txt": "0" * 64}, "/files/articles~1tiny-a-de.txt"),
        ("files", {"none.txt": "0" * 64}, "/files/none.txt"),
        ("files", {"../outside.txt": "0" * 64}, "/files/..~1outside.txt"),
        ("canary", "tweet", "/canary"),
    ],
)
def test_manifest(shipped_shape: Path, field: str, value: Json, pointer: str | None) -> None:
    """The manifest gives the version of the Parquet, the digest, and the sums of files in the folder."""
    (shipped_shape.parent / "outside.txt").write_bytes(b"")
    (shipped_shape / "v1.0.0" / "claims").mkdir(parents=True)
    (shipped_shape / "v1.0.0" / "claims" / "test.parquet").write_bytes(b"PAR1")
    written = json.dumps(manifest(shipped_shape) | {field: value}, indent=1)
    (shipped_shape / "manifest.json").write_text(written, encoding="utf-8")
    assert [p.pointer for p in validate(shipped_shape)] == ([pointer] if pointer else [])


def test_parquet_needs_a_manifest(shipped_shape: Path) -> None:
    """Parquet files without a manifest are a finding."""
    (shipped_shape / "v1.0.0").mkdir()
    (shipped_shape / "v1.0.0" / "claims.parquet").write_bytes(b"PAR1")
    assert [Path(p.file).name for p in validate(shipped_shape)] == ["manifest.json"]


def test_unaccounted_lists_what_no_claim_holds(tmp_path: Path) -> None:
    """Words outside all claims and non-claims are listed by sentence; connectives and signs are not."""
    corpus = tiny()
    assert unaccounted(load_corpus(write(tmp_path / "all", corpus))) == []
    corpus["articles"][0]["nonclaims"] = []
    corpus["claims"][3]["spans"][0] |= {"end": at(A, "hofft")["end"], "quote": "Seit 2024 hofft"}
    left = unaccounted(load_corpus(write(tmp_path / "less", corpus)))
    assert left == [("tiny-a-de#3", "Beta darauf."), ("tiny-a-de#4", "Wer weiß?")]


def test_likeness_tells_wordings_from_propositions() -> None:
    """Changing a number leaves two texts too alike; another statement about the same parties does not."""
    text = "Meta zahlt Berichten zufolge 14,3 Milliarden Dollar für seinen Anteil an Scale AI."
    assert likeness(text, text) == 1
    assert likeness(text, text.replace("14,3", "14,8")) > TOO_ALIKE
    other = "Google hat Scale AI Berichten zufolge rund 150 Millionen Dollar im Jahr gezahlt."
    assert likeness(text, other) < TOO_ALIKE / 2
    assert likeness("ja", "ja") == 1


def test_shipped_articles_are_right() -> None:
    """The articles of the shipped corpus break no rule."""
    assert validate(corpus_path() / "annotation" / "articles.jsonl", "article") == []
