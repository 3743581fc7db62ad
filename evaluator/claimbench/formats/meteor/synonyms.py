"""Synonyms of English words in WordNet (Fellbaum 1998), by way of NLTK's base forms."""

from __future__ import annotations

import re
from dataclasses import dataclass

from claimbench.errors import InputError
from claimbench.formats.meteor.resources import Folder

_PARTS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
_SUFFIXES: dict[str, tuple[tuple[str, str], ...]] = {
    "noun": (
        *(("s", ""), ("ses", "s"), ("ves", "f"), ("xes", "x"), ("zes", "z"), ("ches", "ch")),
        *(("shes", "sh"), ("men", "man"), ("ies", "y")),
    ),
    "verb": (
        *(("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", "")),
        *(("ing", "e"), ("ing", "")),
    ),
    "adj": (("er", ""), ("est", ""), ("er", "e"), ("est", "e")),
    "adv": (),
}
_MARKER = re.compile(rb"\(.*\)$")


@dataclass(frozen=True)
class _Part:
    """The files of one part of speech: lines of the index by lemma, irregular forms, synsets."""

    index: dict[bytes, bytes]
    irregular: dict[str, list[str]]
    data: bytes
    suffixes: tuple[tuple[str, str], ...]

    def forms(self, word: str, *, again: bool) -> list[str]:
        """Return the base forms of a word that have synsets.

        ``again`` strips suffixes until a form is found, as NLTK did up to 3.8; later versions do it once.
        """
        irregular = self.irregular.get(word)
        if irregular is not None:
            return self._known({word, *irregular})
        stripped = self._stripped({word})
        found = self._known({word} | stripped)
        while again and stripped and not found:
            stripped = self._stripped(stripped)
            found = self._known(stripped)
        return found

    def _stripped(self, words: set[str]) -> set[str]:
        return {w[: -len(old)] + new for w in words for old, new in self.suffixes if w.endswith(old)}

    def _known(self, words: set[str]) -> list[str]:
        return [word for word in words if word.encode() in self.index]

    def names(self, word: str) -> list[str]:
        """Return the lemmas of every synset of a base form, in their own case."""
        fields = self.index[word.encode()].split()
        return [name for offset in fields[-int(fields[1]) :] for name in self._synset(int(offset))]

    def _synset(self, offset: int) -> list[str]:
        fields = self.data[offset : self.data.index(b"|", offset)].split()
        names = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
        return [_MARKER.sub(b"", name).decode() for name in names]


@dataclass(frozen=True)
class WordNet:
    """A WordNet database, and NLTK's way to base forms."""

    version: str
    parts: tuple[_Part, ...]
    again: bool

    def synonyms(self, word: str) -> set[str]:
        """Return the single words in all synsets of a word, whatever its part of speech."""
        lower = word.lower()
        return {
            name
            for part in self.parts
            for form in part.forms(lower, again=self.again)
            for name in part.names(form)
            if "_" not in name
        }


def load_wordnet(folder: Folder, *, again: bool) -> WordNet:
    """Return the WordNet whose database files are in a folder.

    ``again`` as in NLTK up to 3.8. Raises InputError where the files cannot be read.
    """
    try:
        parts = tuple(_part(folder, name) for name in _PARTS)
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{folder}: no database of WordNet: {error}") from None
    version = re.search(rb"WordNet (\d+\.\d+) Copyright", parts[0].data[:4096])
    return WordNet(version=version[1].decode() if version else "unknown", parts=parts, again=again)


def _part(folder: Folder, name: str) -> _Part:
    lines = (folder / f"index.{name}").read_bytes().split(b"\n")
    index = {}
    for line in lines:
        lemma, _, rest = line.partition(b" ")
        if lemma:
            index[lemma] = rest
    irregular = {}
    for row in (folder / f"{name}.exc").read_text(encoding="utf-8").splitlines():
        form, *base = row.split()
        irregular[form] = base
    return _Part(index, irregular, (folder / f"data.{name}").read_bytes(), _SUFFIXES[name])
