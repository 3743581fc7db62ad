"""Synonyms from the real WordNet, where it is installed, against NLTK's reader of the same files."""

from __future__ import annotations

import random

import pytest

from claimbench.formats.meteor.resources import MissingDataError, wordnet_folder
from claimbench.formats.meteor.synonyms import load_wordnet

ENDINGS = ("", "", "s", "es", "ed", "ing", "er", "est")
IRREGULAR = ("mice", "men", "went", "better", "best", "geese", "axes", "dug", "Leaves")


@pytest.mark.filterwarnings("ignore:The multilingual functions")  # English is all that is read
def test_synonyms_are_those_of_nltk(tmp_path, monkeypatch):
    """The single words in all synsets of a word, inflected or not, are the lemmas that NLTK finds."""
    reader = pytest.importorskip("nltk.corpus.reader.wordnet")
    try:
        folder = wordnet_folder()
    except MissingDataError as missing:
        pytest.skip(str(missing))
    monkeypatch.setattr("nltk.data.path", [str(tmp_path)])  # NLTK reads nothing elsewhere
    monkeypatch.setattr(reader.WordNetCorpusReader, "map_wn", lambda self: None)  # for other languages
    # Debian leaves out the lexicographers' files, whose names NLTK reads first and synonyms do not need.
    (tmp_path / "lexnames").write_text("".join(f"{number:02}\tfile.{number}\t1\n" for number in range(45)))
    for file in folder.iterdir():
        if file.name != "lexnames":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    theirs, ours = reader.WordNetCorpusReader(str(tmp_path), None), load_wordnet(folder, again=False)
    rng = random.Random(1)
    lemmas = [word for word in theirs.all_lemma_names() if word.isalpha()]
    stems = rng.sample(sorted(set(lemmas)), 1500)
    words = [*IRREGULAR, *(stem + rng.choice(ENDINGS) for stem in stems)]
    found = [{lemma.name() for synset in theirs.synsets(word) for lemma in synset.lemmas()} for word in words]
    plain = [{name for name in names if "_" not in name} for names in found]
    assert sum(map(bool, plain)) > 600
    every = sorted(set().union(*plain))
    for word, names, mine in zip(words, plain, ours.synonyms(words, every), strict=True):
        assert set(mine) == names, word
