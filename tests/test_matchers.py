"""Labelled pairs from the corpus, text matchers, and how good they are."""

from __future__ import annotations

import json
import math
import sys
import types

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from claimbench.cli import main
from claimbench.matchers import KINDS, SETTINGS, embedding, evaluate, labelled_pairs, matchers
from claimbench.matchers.evaluation import best_threshold, scores
from claimbench.matchers.functions import OURS, chrf, exact, ours, rouge_l, shared_tokens, tfidf
from claimbench.matchers.pairs import Pair
from claimbench.tasks.matching import THRESHOLD
from claimbench.text.normalise import VERSION, canonical
from claimbench.text.similarity import CONTRADICTED


@pytest.fixture(scope="module")
def pairs(corpus) -> tuple[Pair, ...]:
    return labelled_pairs(corpus)


@pytest.fixture(scope="module")
def known(corpus):
    return matchers(map(corpus.sentence_text, corpus.sentences))


@pytest.fixture(scope="module")
def figures(pairs, known):
    """Figures by split, setting and matcher."""
    return {
        (split, each.setting, each.matcher): each
        for split in ("validation", "test")
        for each in evaluate(pairs, known, split)
    }


@pytest.fixture(scope="module")
def facts_of(corpus):
    """Every wording with the facts that have it."""
    found: dict[tuple[str, str], set[str]] = {}
    for fact in corpus.facts:
        for language in ("de", "nl", "en"):
            found.setdefault((getattr(fact.statement, language), language), set()).add(fact.id)
    for claim in corpus.claims:
        language = corpus.article_by_id[claim.article].language
        found.setdefault((claim.text, language), set()).add(claim.fact)
        found.setdefault((claim.text_en, "en"), set()).add(claim.fact)
    return found


def test_there_are_thousands_of_pairs_each_once_and_in_order(pairs, corpus):
    """Every split has pairs of both labels in both settings; none repeats, turned round or not."""
    assert len(pairs) > 5000
    assert len({frozenset((pair.left, pair.right)) for pair in pairs}) == len(pairs)
    assert all(pair.left < pair.right for pair in pairs)
    found = {(pair.split, pair.match, pair.in_language) for pair in pairs}
    assert len(found) == 3 * 2 * 2
    assert labelled_pairs(corpus) == pairs


def test_matches_share_a_fact_and_near_facts_do_not(pairs, facts_of):
    """A match is two wordings of one fact; claims that are no match have no fact in common."""
    for pair in pairs:
        if pair.kind != "contrast":
            assert bool(facts_of[pair.left] & facts_of[pair.right]) == pair.match


def test_contrasts_are_partners_of_one_language_with_other_labels(pairs, corpus):
    """A contrast pair is an item and its partner, in one language, with different labels."""
    items = {item.id: item for item in corpus.verification}
    partners = {
        frozenset([(item.claim, item.language), (items[item.contrast_of].claim, item.language)])
        for item in corpus.verification
        if item.contrast_of and items[item.contrast_of].label != item.label
    }
    found = {frozenset((pair.left, pair.right)) for pair in pairs if pair.kind == "contrast"}
    assert found == partners


def test_pairs_keep_to_one_split(pairs, corpus, facts_of):
    """Both wordings are of the pair's split, and no cluster is in two splits."""
    split_of = {fact.id: fact.split for fact in corpus.facts}
    for pair in pairs:
        for wording in (pair.left, pair.right):
            assert (
                pair.split in {split_of[fact] for fact in facts_of.get(wording, ())}
                or pair.kind == "contrast"
            )
    assert len({(pair.cluster, pair.split) for pair in pairs}) == len({pair.cluster for pair in pairs})


def test_readings_that_contradict_each_other_are_no_match(pairs):
    """Two articles' sums of which the gold says that they cannot both hold are not called the same."""
    said = [pair for pair in pairs if pair.match and "14.3 billion" in pair.left[0] + pair.right[0]]
    assert not any("15 billion" in pair.left[0] + pair.right[0] for pair in said)


@pytest.mark.parametrize(
    ("left", "right", "value"),
    [
        ("Meta hält 49 Prozent.", "Meta hält 51 Prozent.", 69.36753333812158),
        ("cat", "cats and dogs", 23.19794509552095),
        ("Der Deal ist fertig", "De deal is rond", 27.410297893188602),
        ("ab", "xy", 0.0),
    ],
)
def test_chrf_is_sacrebleus(left, right, value):
    """ChrF gives what sacrebleu 2.6.0 (CHRF().sentence_score) gives."""
    assert 100 * chrf(left, right, "en", "en") == pytest.approx(value, abs=1e-9)


def test_token_matchers_by_hand():
    """Of four and three words three are shared, two of them in order; articles do not count."""
    left, right = "the big cat sat down", "a cat big down"
    assert exact(left, "Big cat sat down!", "en", "en") == 1.0
    assert exact(left, right, "en", "en") == 0.0
    assert shared_tokens(left, right, "en", "en") == pytest.approx(6 / 7)
    assert rouge_l(left, right, "en", "en") == pytest.approx(4 / 7)


def test_tfidf_is_scikit_learns_cosine(corpus):
    """The cosine equals the product of scikit-learn's normalised rows."""
    texts = [claim.text for claim in corpus.claims][:40]
    model = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, preprocessor=canonical)
    table = (model.fit_transform(texts) @ model.transform(texts).T).toarray()
    cosine = tfidf(texts)
    found = [[cosine(a, b, "de", "de") for b in texts[:10]] for a in texts[:10]]
    assert np.allclose(found, table[:10, :10], atol=1e-12)


def test_every_matcher_is_between_nothing_and_equality(pairs, known):
    """A matcher's scores lie in [0, 1] and a text is as like itself as anything can be."""
    some = pairs[::97]
    for matcher in known.values():
        found = scores(matcher, some)
        assert found.min() >= 0.0
        assert found.max() <= 1.0
        assert matcher(*(some[0].left[0],) * 2, *(some[0].left[1],) * 2) == pytest.approx(1.0)


def test_the_threshold_is_where_f1_is_greatest():
    """Among all thresholds none has a greater F1 than the one chosen, ties in the scores included."""
    generator = np.random.default_rng(7)
    for _ in range(30):
        found = generator.integers(0, 6, 20) / 5
        kinds = generator.choice(["fact", "near"], 20)
        kinds[0] = "fact"
        labelled = [Pair(("a", "en"), ("b", "en"), kind, "test", "c") for kind in kinds]
        chosen = best_threshold(found, labelled)
        values = {at: f1_score(kinds == "fact", found >= at) for at in found}
        assert math.isclose(values[chosen], max(values.values()))


def test_a_threshold_needs_matches():
    """Where nothing matches there is no threshold to choose."""
    with pytest.raises(ValueError, match="match"):
        best_threshold(np.array([0.5]), [Pair(("a", "en"), ("b", "en"), "near", "test", "c")])


def test_figures_are_scikit_learns(pairs, figures):
    """AUROC, average precision and F1 at the threshold equal scikit-learn's on the same pairs."""
    chosen = [pair for pair in pairs if pair.split == "test" and pair.in_language]
    labels = [pair.match for pair in chosen]
    found = scores(shared_tokens, chosen)
    figure = figures["test", "in-language", "token F1"]
    assert (figure.pairs, figure.matches) == (len(labels), sum(labels))
    assert figure.metrics["auroc"].value == pytest.approx(roc_auc_score(labels, found))
    assert figure.metrics["average_precision"].value == pytest.approx(average_precision_score(labels, found))
    assert figure.metrics["f1"].value == pytest.approx(f1_score(labels, found >= figure.threshold))
    for each in figure.metrics.values():
        assert each.interval.low < each.value < each.interval.high


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("split", ["validation", "test"])
def test_extraction_is_scored_with_the_best_matcher(split, setting, figures, known):
    """No other matcher ranks or decides better, on validation pairs or on those nothing was chosen on."""
    for metric in ("auroc", "average_precision", "f1"):
        found = {name: figures[split, setting, name].metrics[metric].value for name in known}
        assert max(found, key=found.__getitem__) == OURS


def test_the_default_threshold_comes_from_validation(figures, pairs):
    """The least similarity of a match is above what contradicts, and near the best F1 on validation pairs."""
    chosen = [pair for pair in pairs if pair.split == "validation" and pair.in_language]
    labels, found = [pair.match for pair in chosen], scores(ours, chosen)
    best = f1_score(labels, found >= figures["validation", "in-language", OURS].threshold)
    assert CONTRADICTED < THRESHOLD <= figures["validation", "in-language", OURS].threshold
    assert f1_score(labels, found >= THRESHOLD) > best - 0.02


def test_errors_by_kind_are_what_the_threshold_gets_wrong(figures, pairs):
    """Missed matches and matched others, kind by kind, add up to what F1 counts."""
    figure = figures["test", "in-language", OURS]
    chosen = [pair for pair in pairs if pair.split == "test" and pair.in_language]
    called = scores(ours, chosen) >= figure.threshold
    assert tuple(figure.errors) == KINDS
    for kind, errors in figure.errors.items():
        of_kind = [call for call, pair in zip(called, chosen, strict=True) if pair.kind == kind]
        assert errors.pairs == len(of_kind)
        assert errors.wrong == sum(call != (kind == "fact") for call in of_kind)


def test_our_matcher_reads_each_text_in_its_language():
    """A German comma and an English point, a German and an English billion are one number each."""
    assert (
        ours("Es kostet 14,3 Milliarden Dollar.", "It costs 14.3 billion dollars.", "de", "en") > CONTRADICTED
    )
    assert ours("Es kostet 2 Billionen Dollar.", "It costs 2 billion dollars.", "de", "en") <= CONTRADICTED


def test_the_command_prints_a_line_per_matcher_and_setting(capsys, known):
    """With --json every line is a matcher in a setting with its threshold and three metrics."""
    assert main(["matchers", "--json", "--split", "validation"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(x["setting"], x["matcher"]) for x in lines] == [(s, m) for s in SETTINGS for m in known]
    for line in lines:
        assert set(line["metrics"]) == {"auroc", "average_precision", "f1"}
        assert line["matches"] < line["pairs"]
        assert 0.0 <= line["threshold"] <= 1.0
        assert line["text_version"] == VERSION
        assert sum(errors["pairs"] for errors in line["errors"].values()) == line["pairs"]


def test_the_tables_fit_80_columns(capsys, monkeypatch):
    """On a terminal of 80 columns no interval is cut or folded."""
    monkeypatch.setenv("COLUMNS", "80")
    assert main(["matchers", "--split", "validation"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    ours_lines = [line for line in lines if line.strip().startswith(OURS)]
    assert [line.count("]") for line in ours_lines] == [3, 0, 3, 0]


def test_an_unknown_split_is_refused(capsys):
    """A split the corpus does not have is an error of usage."""
    assert main(["matchers", "--split", "dev"]) == 2
    assert "dev" in capsys.readouterr().err


class FakeEncoder:
    """Stands in for sentence_transformers.SentenceTransformer: a vector of two word counts."""

    def __init__(self, model: str) -> None:
        if model != "folder/fake":
            raise OSError(f"{model} is not a local folder")

    def encode(self, text: str, normalize_embeddings: bool) -> np.ndarray:
        vector = np.array([text.count("Meta") - 0.5, text.count("Google") + 0.5], dtype=np.float32)
        return vector / np.linalg.norm(vector) if normalize_embeddings else vector


@pytest.fixture
def fake_encoder(monkeypatch):
    module = types.ModuleType("sentence_transformers")
    module.SentenceTransformer = FakeEncoder
    monkeypatch.setitem(sys.modules, "sentence_transformers", module)


def test_an_embedding_is_compared_by_cosine(fake_encoder):
    """Equal directions score 1, opposite ones 0, and a text is encoded as it is."""
    cosine = embedding("folder/fake")
    assert cosine("Meta", "Meta", "de", "en") == pytest.approx(1.0)
    assert cosine("Meta", "nobody", "de", "en") == 0.0
    assert 0.0 < cosine("Meta Google", "Google Meta Meta", "de", "de") < 1.0


def test_the_command_evaluates_an_embedding_beside_the_others(fake_encoder, capsys, known):
    """Asked for by name, a model has a line in each setting; the table shows the end of its name."""
    arguments = ["matchers", "--split", "validation", "--embedding", "folder/fake"]
    assert main([*arguments, "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["matcher"] for line in lines] == [*known, "folder/fake"] * 2
    assert main(arguments) == 0
    assert sum(line.strip().startswith("fake ") for line in capsys.readouterr().out.splitlines()) == 4


def test_a_model_that_cannot_be_loaded_is_refused(fake_encoder, capsys):
    """A name that is no model is an error of usage that says which."""
    assert main(["matchers", "--embedding", "nomodel"]) == 2
    assert "nomodel" in capsys.readouterr().err


def test_embeddings_say_which_extra_they_need(monkeypatch, capsys):
    """Without the package the message names the extra that installs it."""
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    assert main(["matchers", "--embedding", "folder/fake"]) == 2
    assert "claimbench[embeddings]" in capsys.readouterr().err
