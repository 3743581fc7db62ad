"""METEOR and what it is made of, against NLTK where that is installed and the rules are the same."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import chain, pairwise
from types import SimpleNamespace
from zipfile import ZipFile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claimbench.errors import InputError
from claimbench.formats.meteor import resources
from claimbench.formats.meteor import scores as meteor_scores
from claimbench.formats.meteor.joins import from_last, meetings
from claimbench.formats.meteor.resources import MissingDataError
from claimbench.formats.meteor.scores import meteor
from claimbench.formats.meteor.sentences import Punkt, sentences
from claimbench.formats.meteor.stems import stem
from claimbench.formats.meteor.synonyms import load_wordnet
from claimbench.formats.meteor.tokens import Tokens, tokens
from claimbench.formats.meteor.words import words
from formats import oracles

PUNKT = Punkt(
    abbreviations=frozenset({"dr", "u.s", "etc"}),
    collocations=frozenset({("##number##", "may")}),
    starters=frozenset({"the"}),
    seen={"the": 1 << 1 | 1 << 5, "may": 1 << 2 | 1 << 5, "house": 1 << 5, "paris": 1 << 2},
)
SYNONYMS = {"hous": {"home", "Hous"}, "home": {"hous", "dwell"}, "big": {"larg", "home"}, "larg": {"big"}}
WORDS = ("House", "home", "houses", "big", "bigs", "large", "a", "the", "Dwelling", "homes")
PIECES = (
    *(
        "Dr. ",
        "U.S. ",
        "etc. ",
        "the",
        "The",
        "May",
        "house",
        "House",
        "Paris",
        "J. ",
        "19. ",
        "3,5",
        "cannot",
    ),
    *(
        "gonna",
        "Lemme",
        "a",
        "end. ",
        "So? ",
        "oh! ",
        "well... ",
        ",",
        ":",
        ";",
        "(",
        ")",
        "[x]",
        "{",
        "<b>",
        "$5",
        "50%",
    ),
    *(" ", " ", " ", "\n", "&", "@", "#", "*", "wanna"),
)


@settings(max_examples=300, deadline=None)
@given(
    st.text("aeiouybtlszdgwxncmrv", min_size=1, max_size=9),
    st.sampled_from(["", "ation", "alli", "ying", "ed"]),
)
def test_stems(root, suffix):
    """Stems are those of NLTK's PorterStemmer."""
    porter = pytest.importorskip("nltk.stem.porter")
    assert stem(root + suffix) == porter.PorterStemmer().stem(root + suffix)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
def test_words_and_sentences(text):
    """Without quotes, dashes and marks on their own, on which versions differ, words are those of NLTK."""
    pytest.importorskip("nltk")
    from nltk.tokenize.destructive import NLTKWordTokenizer
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    parameters = PunktParameters()
    parameters.abbrev_types = set(PUNKT.abbreviations)
    parameters.collocations = set(PUNKT.collocations)
    parameters.sent_starters = set(PUNKT.starters)
    parameters.ortho_context = defaultdict(int, PUNKT.seen)
    found = sentences(text, PUNKT)
    assert found == PunktSentenceTokenizer(parameters).tokenize(text)
    splitter = NLTKWordTokenizer()
    for sentence in found:
        assert words(sentence) == [word.lower() for word in splitter.tokenize(sentence)]


BLANKS = (" ",) * 8 + ("", "  ", "\n", "\t", "\xa0", " \n")
ODD = (
    "x.)",
    'a?"b',
    ".",
    "?!",
    "''",
    "``",
    '"',
    '"Yes"',
    "'tis",
    "”",
    ")",
    ")--",
    "a:",
    "b.”",
    "ΣΑΣ,",
    "İ.",
    "d'ye",
)


@settings(max_examples=500, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(PIECES + ODD), st.sampled_from(BLANKS)).map("".join), max_size=12),
        max_size=4,
    )
)
def test_words_of_many_texts(lists):
    """Texts split piece by piece have the words of their sentences."""
    texts = list(map("".join, lists))
    found = tokens(texts, PUNKT)
    assert [[found.names[n] for n in found.numbers[a:b]] for a, b in pairwise(found.start)] == [
        [word for sentence in sentences(text, PUNKT) for word in words(sentence)] for text in texts
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("He said 'rats' - they're \"Cats\".", "he said 'rats ' - they 're `` cats '' ."),
        ("I can't, cannot; 'tis Gonna's", "i ca n't , can not ; 't is gon na 's"),
        ("“It’s” a 1990–1995 (U.S.) 'a' so-called--thing...", None),
        ('"X." said A.B. ”', "`` x. '' said a.b . ”"),
    ],
)
def test_words_of_nltk_37(sentence, expected):
    """Quotes split as in NLTK 3.7, which later versions changed; dashes stay within their words."""
    expected = expected or "“ it ’ s ” a 1990–1995 ( u.s. ) ' a ' so-called -- thing ..."
    assert words(sentence) == expected.split()


def test_sentences_by_hand():
    """Abbreviations, initials and numbers end no sentence where the next word does not look like a start."""
    text = "Dr. Who met J. Paris on 19. May. The end? (Yes.) He left etc. The house"
    expected = ["Dr. Who met J. Paris on 19. May.", "The end?", "(Yes.)", "He left etc.", "The house"]
    assert sentences(text, PUNKT) == expected


def lower(names):
    return [name.lower() for name in names]


def by_blanks(texts):
    """Words in lower case without rules for sentences and signs."""
    names = [lower(text.split()) for text in texts]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(chain(*names)))}
    start = np.cumsum([0, *map(len, names)])
    return Tokens(list(numbers), np.array([numbers[name] for name in chain(*names)], dtype=np.int64), start)


def synonyms_of(word):
    return SYNONYMS.get(word, set())


def synonyms_among(names, wanted):
    return [synonyms_of(name) & set(wanted) for name in names]


def no_synonyms(names, wanted):
    return [set() for _ in names]


def lemmas(word):
    names = [SimpleNamespace(name=lambda name=name: name) for name in SYNONYMS.get(word, ())]
    return [SimpleNamespace(lemmas=lambda: names)]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9), st.lists(st.sampled_from(WORDS), max_size=9))
def test_meteor(reference, hypothesis):
    """Scores are those of NLTK's single_meteor_score, to the last bit, with made-up synonyms."""
    meteor_score = pytest.importorskip("nltk.translate.meteor_score")
    expected = meteor_score.single_meteor_score(
        reference, hypothesis, wordnet=SimpleNamespace(synsets=lemmas)
    )
    found = meteor([([" ".join(reference), "home"], [" ".join(hypothesis)])], by_blanks, stem, synonyms_among)
    assert found[0][0][0] == expected
    assert oracles.meteor(lower(reference), lower(hypothesis), stem, synonyms_of) == expected


TEXTS = st.lists(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join), max_size=3)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), max_size=4), st.sampled_from([1, 40, 1 << 22]))
def test_meteor_of_blocks(blocks, cells):
    """Every pair of every block has the score of the plain definition, also where blocks come in parts."""
    expected = [
        [
            [oracles.meteor(lower(a.split()), lower(b.split()), stem, synonyms_of) for a in golds]
            for b in given
        ]
        for golds, given in blocks
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meteor_scores, "_CELLS", cells)
        assert meteor(blocks, by_blanks, stem, synonyms_among) == expected


@pytest.mark.parametrize("large", [7, 1 << 62])
def test_equal_rows(large):
    """Rows meet their equals, and know how many come after, also where keys leave no room for places."""
    column = np.array([large, 1, large, 0, large])
    assert from_last(column).tolist() == [2, 0, 1, 0, 0]
    left, right = meetings([np.array([0, large, 1])], [column])
    assert sorted(zip(left.tolist(), right.tolist(), strict=True)) == [(0, 3), (1, 0), (1, 2), (1, 4), (2, 1)]


def test_meteor_by_hand():
    """Three of four words in two runs: F of 3/4 and 3/4, less half of (2/3)³."""
    blocks = [(["a b c d"], ["a b x d"]), (["a", ""], ["b", ""])]
    expected = [[[pytest.approx(0.75 * (1 - 0.5 * (2 / 3) ** 3))]], [[0, 0], [0, 0]]]
    assert meteor(blocks, by_blanks, stem, no_synonyms) == expected
    assert meteor([], by_blanks, stem, no_synonyms) == []


NAMES = ["house", "Home", "big_house", "mouse", "rodent", "tall", "high", "home"]


def synset(offset, kind, *names):
    return (
        f"{offset:08d} 03 {kind} {len(names):02x} "
        + "".join(f"{name} 0 " for name in names)
        + "000 | gloss  \n"
    )


@pytest.fixture
def wordnet(tmp_path):
    """A made-up WordNet: two noun synsets, one adjective with a marker, irregular forms."""
    header = "  1 WordNet 3.0 Copyright 2006 by Princeton University.\n"
    first = header + synset(len(header), "n", "house", "Home", "big_house")
    files = dict.fromkeys(
        (f"{kind}.{part}" for kind in ("index", "data") for part in ("verb", "adv")), header
    )
    files |= {f"{part}.exc": "" for part in ("verb", "adj", "adv")}
    files["data.noun"] = first + synset(len(first), "n", "mouse", "rodent")
    files["index.noun"] = header + "".join(
        f"{lemma} n 1 1 @ 1 0 {offset:08d}  \n"
        for offset, lemmas in ((len(header), ("home", "house")), (len(first), ("mouse", "rodent")))
        for lemma in lemmas
    )
    files["noun.exc"] = "mice mouse\n"
    files["data.adj"] = header + synset(len(header), "a", "tall(p)", "high")
    files["index.adj"] = header + "".join(
        f"{name} a 1 0 1 0 {len(header):08d}  \n" for name in ("high", "tall")
    )
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    return tmp_path


def test_synonyms(wordnet):
    """Base forms come from irregular forms and suffixes, names of several words are left out, markers cut."""
    found = load_wordnet(wordnet, again=True)
    assert found.version == "3.0"
    words = ["houses", "House", "mice", "taller", "x", "", "Mouse"]
    house, mouse, tall = {"house", "Home"}, {"mouse", "rodent"}, {"tall", "high"}
    assert found.synonyms(words, NAMES) == [house, house, mouse, tall, set(), set(), mouse]
    assert found.synonyms(words[:3], ["Home", "home", "mouse"]) == [{"Home"}, {"Home"}, {"mouse"}]


def test_base_forms_again(wordnet):
    """NLTK to 3.8 strips suffixes until a form is found, later versions once; long words end soon."""
    assert load_wordnet(wordnet, again=True).synonyms(["housess"], NAMES) == [{"house", "Home"}]
    assert load_wordnet(wordnet, again=False).synonyms(["housess"], NAMES) == [set()]
    assert load_wordnet(wordnet, again=True).synonyms(["es" * 200], NAMES) == [set()]


def test_resources(wordnet, tmp_path, monkeypatch):
    """Data are found unpacked and zipped in NLTK's data path; what is missing is named with how to get it."""
    root = tmp_path / "nltk_data"
    monkeypatch.setattr(resources, "nltk_folders", lambda: [tmp_path / "nowhere", root])
    with pytest.raises(MissingDataError, match=re.escape("nltk.downloader punkt_tab")):
        resources.punkt_folder()
    (root / "tokenizers" / "punkt_tab" / "english").mkdir(parents=True)
    assert resources.punkt_folder() == root / "tokenizers" / "punkt_tab" / "english"
    (root / "corpora").mkdir()
    with ZipFile(root / "corpora" / "wordnet.zip", "w") as archive:
        for file in wordnet.glob("*.*"):
            archive.write(file, f"wordnet/{file.name}")
    assert load_wordnet(resources.wordnet_folder(), again=True).synonyms(["mice"], NAMES) == [
        {"mouse", "rodent"}
    ]
    (root / "corpora" / "wordnet.zip").write_bytes(b"no zip")
    with pytest.raises(InputError, match=r"wordnet\.zip: cannot be read"):
        resources.wordnet_folder()


def test_nltk_data_path(monkeypatch, tmp_path):
    """The folders of NLTK_DATA come before the usual ones."""
    monkeypatch.setenv("NLTK_DATA", str(tmp_path))
    assert resources.nltk_folders()[0] == tmp_path
