"""The corpus's audit: what gives a label away is found, and a sound corpus has no findings."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from conftest import perfect
from msgspec.structs import replace

import claimbench
from claimbench.audit import Audit, audit
from claimbench.audit.duplicates import duplicates_of, leaks
from claimbench.audit.heldout import held_out, majority, prior, scored
from claimbench.audit.invariants import broken_invariants
from claimbench.audit.structure import oversized, structure_of
from claimbench.audit.surface import surface_of, telltale_words
from claimbench.audit.words import amounts, numbers
from claimbench.cli import main
from claimbench.reading.corpus import KINDS, Corpus
from claimbench.records import Article, EvidenceSet, Fact, Question, Verification
from claimbench.tasks import NAMES

COMPONENTS = 15
LANGUAGES = ("de", "nl", "en")
MONEY = {"de": "{} Millionen Dollar", "nl": "{} miljoen dollar", "en": "{} million dollars"}
NEGATION = {"de": "nicht", "nl": "niet", "en": "not"}
Change = Callable[[Any], dict[str, Any]]


def words(draw: random.Random, count: int) -> str:
    syllables = ["ba", "ku", "lo", "mi", "ra", "se", "to", "vu", "wi", "ze"]
    return " ".join("".join(draw.choices(syllables, k=draw.randint(2, 4))) for _ in range(count))


def shuffled(number: int, draw: random.Random) -> str:
    """A component's own eight words in some order, so that the words of its items tell no label."""
    own = words(random.Random(number), 8).split()
    return " ".join(draw.sample(own, len(own)))


def article(name: str, draw: random.Random) -> Article:
    sentences = [words(draw, 6) for _ in range(5)]
    starts = [sum(len(s) + 1 for s in sentences[:i]) for i in range(5)]
    unknown = {"value": None, "basis": "unknown", "note": None}
    record = {
        "id": name,
        "language": name[-2:],
        "title": sentences[0],
        "source": name[0],
        "provenance": dict.fromkeys(("publisher", "author", "date", "original_url", "reported_by"), unknown),
        "translation": {
            "status": "none_found",
            "machine": "none_found",
            "original_language": None,
            "same_original": [],
            "note": None,
        },
        "reference_time": {"value": "2025-06", "basis": "inferred", "note": "Made up."},
        "sha256": "0" * 64,
        "text": "\n".join(sentences),
        "segments": [],
        "sentences": [
            {"id": f"{name}#{i}", "start": start, "end": start + len(sentence)}
            for i, (start, sentence) in enumerate(zip(starts, sentences, strict=True), start=1)
        ],
        "nonclaims": [],
    }
    return msgspec.convert(record, Article)


def fact(number: int) -> Fact:
    record = {
        "id": f"f-{number}",
        "statement": dict.fromkeys(LANGUAGES, "so"),
        "component": f"c{number:02}",
        "split": split(number),
        "readings": [],
        "relations": [],
    }
    return msgspec.convert(record, Fact)


def split(number: int) -> str:
    return "train" if number < COMPONENTS // 3 else "test"


def shared_fields(name: str, language: str, number: int, sets: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": f"{name}-{language}",
        "language": language,
        "evidence": sets,
        "facts": [f"f-{number}"],
        "family": name,
        "split": split(number),
        "sources_needed": int(bool(sets)),
        "rationale": "The texts say so.",
    }


def propositions(number: int, label: str, draw: random.Random) -> list[Verification]:
    """One proposition in three languages; refuted ones are number edits of the supported ones."""
    start = {"supported": 1, "refuted": 2, "not_enough_info": 3}[label]
    name = f"v{3 * number + start}"
    stance = {"supported": "supports", "refuted": "refutes"}.get(label)
    sets = [{"stance": stance, "sentences": [f"a-de#{1 + number % 5}"]}] if stance else []
    text = shuffled(number, draw)
    return [
        msgspec.convert(
            shared_fields(name, language, number, sets)
            | {
                "claim": f"{text} {MONEY[language].format(41 + number)}",
                "label": label,
                "contrast_of": None,
                "edit": None,
            },
            Verification,
        )
        for language in LANGUAGES
    ]


def edited(items: list[Verification]) -> list[Verification]:
    """The last proposition becomes a number edit of the first one."""
    by_id = {item.id: item for item in items}
    return [
        msgspec.structs.replace(
            item,
            claim=by_id[f"v1-{item.language}"].claim.replace("41", "42"),
            contrast_of=f"v1-{item.language}",
            edit="number",
        )
        if item.family == "v2"
        else item
        for item in items
    ]


def questions(number: int, answerable: bool, draw: random.Random) -> list[Question]:
    name = f"q{2 * number + answerable}"
    text = shuffled(number, draw)
    sets = [{"stance": "supports", "sentences": ["b-nl#1"]}] if answerable else []
    return [
        msgspec.convert(
            shared_fields(name, language, number, sets)
            | {"question": text, "kind": "money", "answers": [], "answerable": answerable},
            Question,
        )
        for language in LANGUAGES
    ]


def toy() -> Corpus:
    """A corpus of made-up words in which nothing is wrong and nothing tells a label."""
    draw = random.Random(7)
    labels = ("supported", "refuted", "not_enough_info")
    numbered = range(COMPONENTS)
    return Corpus(
        version="unreleased",
        digest="",
        articles=(article("a-de", draw), article("b-nl", draw)),
        facts=tuple(fact(number) for number in numbered),
        claims=(),
        verification=tuple(edited([i for n in numbered for x in labels for i in propositions(n, x, draw)])),
        questions=tuple(
            q for n in numbered for answerable in (True, False) for q in questions(n, answerable, draw)
        ),
    )


def changed(corpus: Corpus, wanted: Callable[[Any], bool], change: Change) -> Corpus:
    """The corpus with some fields of some items changed."""

    def changed_items(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(msgspec.structs.replace(i, **change(i)) if wanted(i) else i for i in items)

    return replace(
        corpus,
        verification=changed_items(corpus.verification),
        questions=changed_items(corpus.questions),
    )


def kinds(found: Audit) -> list[str]:
    return [finding.check for finding in found.findings]


def named(*families: str) -> Callable[[Any], bool]:
    return lambda item: item.family in families


@pytest.fixture(scope="module")
def sound() -> Audit:
    return audit(toy())


def test_a_sound_corpus_has_no_findings(sound):
    """Nothing is found where nothing is wrong, though every probe has run on test and on all splits."""
    assert sound.findings == ()
    assert [probe.splits for probe in sound.probes] == ["test"] * 3 + ["all"] * 3
    assert all(probe.interval is not None for probe in sound.probes)


def test_a_negation_that_only_refuted_items_have_is_found():
    """A label that one word gives away is found by both claim probes on both sets and by the word shares."""
    leaky = changed(
        toy(),
        lambda item: getattr(item, "label", "") == "refuted",
        lambda item: {"claim": f"{item.claim} {NEGATION[item.language]}"},
    )
    found = audit(leaky)
    messages = [str(finding) for finding in found.findings]
    for name in ("claim: n-grams", "claim: counts"):
        for splits in ("test", "all"):
            assert any(m.startswith(f"probe: {name}") and f"on {splits}," in m for m in messages)
    assert any("a negation word is in 1.00 of the refuted items, overall 0.33" in m for m in messages)
    assert set(kinds(found)) == {"probe", "words"}


def test_a_wording_that_only_unanswerable_questions_have_is_found():
    """Answerability that the question gives away is found."""
    leaky = changed(
        toy(),
        lambda item: isinstance(item, Question) and not item.answerable,
        lambda item: {"question": f"Weshalb {item.question}"},
    )
    found = audit(leaky)
    assert kinds(found) == ["probe", "probe"]
    assert "question: n-grams alone" in found.findings[0].message


def test_a_probe_learns_nothing_from_the_cluster_it_predicts():
    """What is predicted for a cluster stays the same when all labels of that cluster change."""
    number = np.arange(32) % 8
    clusters = [str(n) for n in number]
    table = np.eye(8)[number] + np.random.default_rng(5).random((32, 8))
    gold = ["ab"[n % 2] for n in number]
    flipped = ["b" if n == 0 else "ab"[n % 2] for n in number]
    before, after = held_out(table, gold, clusters), held_out(table, flipped, clusters)
    assert [before[i] for i in range(0, 32, 8)] == [after[i] for i in range(0, 32, 8)]
    assert before != after


def evidence(*sets: tuple[str, str]) -> Change:
    """Sets written as ("supports", "a-de#1 b-nl#1"), for an item that needs two sources."""
    found = [{"stance": stance, "sentences": sentences.split()} for stance, sentences in sets]
    return lambda item: {
        "evidence": msgspec.convert(found, tuple[EvidenceSet, ...]),
        "sources_needed": 2,
    }


@pytest.mark.parametrize(
    ("sets", "broken"),
    [
        ([("supports", "a-de#1 b-nl#1")], False),
        ([("supports", "a-de#1 b-nl#1"), ("supports", "a-de#2 a-de#3")], True),
        ([("supports", "a-de#1"), ("refutes", "b-nl#1")], False),
        ([("supports", "a-de#1"), ("refutes", "b-nl#1"), ("refutes", "a-de#4")], True),
    ],
)
def test_a_two_source_item_needs_two_sources_whatever_decides_it(sets, broken):
    """Each set, or pair of opposite sets, that decides a two-source item has sentences of two sources."""
    for family in ("v1", "q1"):
        found = list(broken_invariants(changed(toy(), named(family), evidence(*sets))))
        assert [finding.check for finding in found] == ["sources"] * broken * len(LANGUAGES)
        assert all(finding.items[0].startswith(family) for finding in found)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": "supported"}, "partners are both supported"),
        ({"label": "supported", "rationale": "Its partner rests on another passage."}, ""),
        ({"label": "supported", "rationale": "The same label, but another article."}, ""),
        ({"edit": "entity"}, ""),
    ],
)
def test_contrast_partners_flip_or_say_why_not(change, message):
    """Two partners of one label are a finding unless the rationale names the partner or the same label."""
    found = list(broken_invariants(changed(toy(), named("v2"), lambda item: change)))
    assert len(found) == len(LANGUAGES) * bool(message)
    assert all(message in finding.message for finding in found)


def test_a_contrast_edit_keeps_most_words():
    """An edit that shares less than half of its partner's words is a finding, whatever its kind."""
    rewritten = changed(
        toy(), lambda item: item.id == "v2-de", lambda item: {"claim": "ganz anders 42", "edit": "entity"}
    )
    (found,) = [f for f in broken_invariants(rewritten) if f.check == "contrast"]
    assert "an edit of entity keeps only 0.00 of the words" in found.message
    assert found.items == ("v2-de", "v1-de")


def test_a_number_edit_changes_a_number():
    """A number edit with its partner's numbers is a finding; one that changes how much in words is none."""
    text = {item.id: item.claim for item in toy().verification}
    same = changed(toy(), named("v2"), lambda item: {"claim": f"{text['v1-' + item.language]} baba"})
    messages = {f.message for f in broken_invariants(same) if f.check == "contrast"}
    assert messages == {"an edit of number changes no number"}
    more = {"de": "mehr", "nl": "meer", "en": "more"}
    worded = changed(
        toy(), named("v2"), lambda item: {"claim": f"{text['v1-' + item.language]} {more[item.language]}"}
    )
    assert list(broken_invariants(worded)) == []


def test_renderings_give_the_same_numbers():
    """A proposition or question whose renderings differ in a number is one finding with their ids."""
    text = {item.id: item.claim for item in toy().verification}
    wrong = changed(toy(), lambda item: item.id == "v9-nl", lambda item: {"claim": text["v9-nl"] + " 7"})
    (found,) = broken_invariants(wrong)
    assert found.check == "renderings"
    assert found.items == ("v9-de", "v9-nl", "v9-en")
    assert "nl: 43000000, 7" in found.message
    wrong = changed(toy(), lambda item: item.id == "q3-en", lambda item: {"question": "Two?"})
    assert [f.items for f in broken_invariants(wrong)] == [("q3-de", "q3-nl", "q3-en")]


@pytest.mark.parametrize(
    ("de", "nl", "en"),
    [
        ("das Zehnfache von 2024", "het tienvoudige van 2024", "ten times 2024"),
        ("beide Summen", "de twee bedragen", "both sums"),
        ("verdreifacht", "verdrievoudigd ten opzichte van toen", "tripled"),
        ("rund 14,3 Milliarden Dollar", "zo’n 14,3 miljard dollar", "about $14.3 billion"),
        ("ein Viertel", "een kwart", "a quarter"),
        ("acht Kunden", "acht klanten", "eight customers"),
        ("fast die Hälfte", "bijna de helft", "almost half"),
        ("mehr als zwanzigmal so viel", "meer dan twintigmaal zoveel", "more than twenty times as much"),
    ],
)
def test_numbers_read_alike_in_all_languages(de, nl, en):
    """Renderings of one amount, in digits or words, have the same numbers, and there are some."""
    assert numbers(de, "de") == numbers(nl, "nl") == numbers(en, "en") != frozenset()


def test_amounts_know_words_for_how_much():
    """Words for how many tell number edits without a number apart, also where they are spelt with ß."""
    for one, other in [("Viele Labore", "Die meisten Labore"), ("Der größte Teil", "Ein Teil")]:
        assert numbers(one, "de") == numbers(other, "de")
        assert amounts(one, "de") != amounts(other, "de")


def test_near_duplicates_are_figures_within_a_split_and_findings_across():
    """Items that say nearly the same are listed, and findings across splits; partners are neither."""
    text = {item.id: item.claim for item in toy().verification}
    copied = changed(toy(), lambda item: item.id == "v45-de", lambda item: {"claim": f"{text['v44-de']} ba"})
    within = duplicates_of(copied)
    assert [(pair.left, pair.right) for pair in within] == [("v44-de", "v45-de")]
    assert list(leaks(within)) == []
    copied = changed(toy(), lambda item: item.id == "v45-de", lambda item: {"claim": f"{text['v3-de']} ba"})
    (found,) = leaks(duplicates_of(copied))
    assert found.items == ("v3-de", "v45-de")
    assert "between train and test" in found.message
    assert duplicates_of(toy()) == ()


def test_a_cluster_with_too_many_items_is_found():
    """A cluster of components with more than a tenth of the items is a finding."""
    joined = changed(toy(), named("v40"), lambda item: {"facts": (*item.facts, "f-5")})
    (found,) = oversized(structure_of(joined))
    assert found.message.startswith("c05 holds 0.133 of the items")
    assert list(oversized(structure_of(toy()))) == []


def test_structure_is_counted_in_what_people_wrote():
    """Items are counted by label and split, contrasts and needs in propositions and questions."""
    needy = changed(toy(), named("v1", "q1"), evidence(("supports", "a-de#1 b-nl#1")))
    found = structure_of(needy)
    assert found.components == found.clusters == found.facts == COMPONENTS
    assert found.clusters_in_test == 10
    assert found.items["supported"] == {"train": 15, "validation": 0, "test": 30}
    assert found.items["unanswerable"] == {"train": 15, "validation": 0, "test": 30}
    assert found.contrast_pairs == found.contrast_families == {"number": 1, "any": 1}
    assert found.needing_two_sentences == {"propositions": 1, "questions": 1}
    assert found.needing_two_sources == {"propositions": 1, "questions": 1}


def test_evidence_shared_between_splits_is_counted():
    """Sentences cited in several splits, and test items that cite none of another split, are figures."""
    found = structure_of(toy())
    assert found.evidence_sentences == 6
    assert found.evidence_sentences_in_several_splits == 6
    assert found.test_items_with_evidence == 60
    assert found.test_items_with_only_unseen_sentences == 0
    alone = changed(toy(), lambda item: item.family == "v44", evidence(("refutes", "b-nl#5")))
    assert structure_of(alone).test_items_with_only_unseen_sentences == 3


def test_surface_figures_are_shares_of_items():
    """A hedge in every Dutch item gives a share of one there and of a third over all languages."""
    hedged = changed(toy(), lambda item: item.language == "nl", lambda item: _hedged(item))
    rows = {(row.label, row.language): row for row in surface_of(hedged)}
    assert rows["all", "nl"].hedge == rows["refuted", "nl"].hedge == 1.0
    assert rows["all", "all"].hedge == pytest.approx(1 / 3)
    assert rows["all", "en"].overlap is None
    assert rows["not_enough_info", "de"].position is None
    assert 0.0 < rows["supported", "de"].position < 1.0
    assert list(telltale_words(surface_of(hedged))) == []


def _hedged(item: Any) -> dict[str, Any]:
    return {"claim": f"Misschien {item.claim}"} if isinstance(item, Verification) else {}


def test_baselines_of_the_probes_are_what_drawing_gives():
    """Majority equals scikit-learn's macro-F1, and prior the mean of many random draws."""
    from sklearn.metrics import f1_score

    counts = (9, 5, 2)
    gold = np.repeat(np.arange(3), counts)
    always = np.zeros_like(gold)
    assert majority(counts) == pytest.approx(
        f1_score(gold, always, average="macro", zero_division=0), abs=1e-12
    )
    draws = np.random.default_rng(1).choice(3, size=(4000, gold.size), p=np.array(counts) / gold.size)
    hits = np.stack([((draws == k) & (gold == k)).sum(axis=1) for k in range(3)])
    said = np.stack([(draws == k).sum(axis=1) for k in range(3)])
    drawn = (2 * hits / (said + np.array(counts)[:, None])).mean()
    assert prior(counts) == pytest.approx(drawn, abs=0.005)


def test_probe_scores_are_scikit_learns():
    """A probe's score is scikit-learn's macro-F1, inside its interval."""
    from sklearn.metrics import f1_score

    draw = random.Random(3)
    gold, said = (draw.choices(["a", "b", "c"], k=60) for _ in range(2))
    value, interval = scored(gold, said, [str(i % 12) for i in range(60)])
    assert value == pytest.approx(f1_score(gold, said, average="macro"), abs=1e-12)
    assert interval is not None
    assert interval.clusters == 12
    assert interval.low < value < interval.high


def write(folder: Path, corpus: Corpus) -> str:
    (folder / "annotation").mkdir(parents=True)
    for name in KINDS:
        lines = [msgspec.json.encode(record) + b"\n" for record in getattr(corpus, name)]
        (folder / "annotation" / f"{name}.jsonl").write_bytes(b"".join(lines) or b"\n")
    return str(folder)


def test_audit_prints_its_findings_and_exits_1(tmp_path, capsys):
    """corpus audit lists every finding with the items it is about, in text and in JSON."""
    folder = write(tmp_path / "corpus", _broken(toy()))
    assert main(["corpus", "audit", folder]) == 1
    captured = capsys.readouterr()
    assert "contrast: partners are both supported" in captured.out
    assert "(v2-de, v1-de)" in captured.out
    assert captured.err == "6 findings\n"
    assert main(["corpus", "audit", folder, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [finding["check"] for finding in found["findings"]] == [
        "contrast", "contrast", "contrast", "renderings", "duplicate", "cluster",
    ]  # fmt: skip
    assert found["probes"][0]["interval"]["clusters"] == 9


def _broken(corpus: Corpus) -> Corpus:
    text = {item.id: item.claim for item in corpus.verification}
    corpus = changed(corpus, named("v2"), lambda item: {"label": "supported"})
    corpus = changed(corpus, named("v40"), lambda item: {"facts": (*item.facts, "f-5")})
    return changed(corpus, lambda item: item.id == "v45-de", lambda item: {"claim": f"{text['v3-de']} 7"})


def test_stats_of_a_corpus_without_passes(tmp_path, capsys):
    """corpus stats says so where no passes are kept and lists the words that nothing accounts for."""
    folder = write(tmp_path / "corpus", toy())
    assert main(["corpus", "stats", folder]) == 0
    out = capsys.readouterr().out
    assert "No independent passes are kept with this corpus." in out
    assert "a-de#1" in out
    assert main(["corpus", "stats", folder, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["agreement"] == []
    assert found["unaccounted"][0]["sentence"] == "a-de#1"
    assert found["structure"]["components"] == COMPONENTS


def test_a_reference_to_nothing_is_wrong_input(tmp_path, capsys):
    """A fact, sentence or partner that does not exist stops audit and stats with exit 2 and its name."""
    lost: list[tuple[str, Change]] = [
        ("f-99", lambda item: {"facts": ("f-99",)}),
        ("a-de#99", evidence(("supports", "a-de#99"))),
        ("v99-de", lambda item: {"contrast_of": "v99-de"} if isinstance(item, Verification) else {}),
    ]
    for name, change in lost:
        folder = write(tmp_path / name, changed(toy(), named("v5"), change))
        for command in ("audit", "stats"):
            assert main(["corpus", command, folder]) == 2
            assert f"v5-de refers to {name}" in capsys.readouterr().err


@pytest.mark.parametrize("task", NAMES)
def test_scoring_on_a_corpus_that_refers_to_nothing_is_wrong_input(task, corpus, tmp_path, capsys):
    """Every command that scores says which claim or item refers to what is not there, exit 2."""
    lines = perfect(corpus, task)
    (mine := tmp_path / "mine.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    (base := tmp_path / "base.json").write_bytes(claimbench.score(task, lines, corpus=corpus).to_json())
    broken = changed(
        corpus,
        named(corpus.questions[0].family, corpus.verification[0].family),
        evidence(("supports", "x#1")),
    )
    broken = replace(
        broken, claims=(msgspec.structs.replace(corpus.claims[0], fact="f-99"), *corpus.claims[1:])
    )
    folder = write(tmp_path / "corpus", broken)
    demand = ["--min", f"{claimbench.Report.load(base).headline}=0"]
    for words in (
        ["score", task, str(mine)],
        ["score", task, str(mine), "--html", str(tmp_path / "page.html")],
        ["gate", task, str(mine), "--baseline", str(base), *demand],
        ["compare", task, str(mine), str(mine)],
        ["stages", f"--{task}", str(mine), "--qa" if task != "qa" else "--detection", str(mine)],
        ["conformance", "--task", task],
    ):
        assert main([*words, "--corpus", folder]) == 2
        assert "not there; 'claimbench validate' lists all" in capsys.readouterr().err


def test_the_shipped_corpus_has_no_findings(corpus):
    """The corpus that ships gives nothing away."""
    assert [str(finding) for finding in audit(corpus).findings] == []


def test_figures_of_the_shipped_corpus_fit_80_columns(capsys):
    """corpus stats prints structure and agreement in lines of at most 80 characters."""
    pytest.importorskip("krippendorff")
    assert main(["corpus", "stats"]) == 0
    out = capsys.readouterr().out
    assert "verdicts (alpha, nominal)" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize("command", ["build", "audit", "stats"])
def test_every_corpus_command_has_help_with_an_example(command, capsys):
    """--help of every corpus command exits 0 and shows an example."""
    assert main(["corpus", command, "--help"]) == 0
    assert f"Example:  claimbench corpus {command}" in capsys.readouterr().out


def test_build_prints_json(tmp_path, capsys):
    """corpus build --json prints nothing but a line for each file."""
    pytest.importorskip("pyarrow")
    assert main(["corpus", "build", "--check", "--json"]) in (0, 1)
    assert all(json.loads(line)["written"] is False for line in capsys.readouterr().out.splitlines())
