"""Synonyms of English words in WordNet (Fellbaum 1998), by way of NLTK's base forms."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from claimbench.errors import InputError

if TYPE_CHECKING:
    from claimbench.formats.meteor.resources import Folder

_KINDS = {"n": "noun", "v": "verb", "a": "adj", "r": "adv"}
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
_MARKER = re.compile(r"\(.*\)$")


class _Part(msgspec.Struct, frozen=True):
    """What is particular to a part of speech: irregular forms, synsets, how base forms are had."""

    irregular: dict[str, list[str]]
    data: bytes | mmap
    suffixes: tuple[tuple[str, str], ...]

    def steps(self, word: str, *, again: bool) -> Iterator[set[str]]:
        """Yield the forms that a word may come from; those of a step count if none before has synsets.

        ``again`` strips suffixes until a form is found, as NLTK did up to 3.8; later versions do it once.
        """
        irregular = self.irregular.get(word)
        if irregular is not None:
            yield {word, *irregular}
            return
        stripped = self._stripped({word})
        yield {word} | stripped
        while again and stripped:
            stripped = self._stripped(stripped)
            yield stripped

    def _stripped(self, words: set[str]) -> set[str]:
        return {w[: -len(old)] + new for w in words for old, new in self.suffixes if w.endswith(old)}

    def lemmas(self, offset: int) -> list[str]:
        """Return the lemmas of a synset, in their own case."""
        fields = self.data[offset : self.data.find(b"|", offset)].decode().split()
        names = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
        return [_MARKER.sub("", name) if name[-1] == ")" else name for name in names]


Shared = dict[str, set[str]]
"""Lemma in lower case to the names with which it shares a synset."""


class WordNet(msgspec.Struct, frozen=True):
    """A WordNet database, with NLTK's way to base forms; ``index`` has every line of its index files."""

    version: str
    index: list[bytes]
    parts: Mapping[str, _Part]
    again: bool

    def synonyms(self, words: Sequence[str], names: Iterable[str]) -> list[set[str]]:
        """Return for each word those of the names that are in a synset of it, whatever its part of speech.

        What shares synsets with the names is looked up first, as few words have anything to do with it.
        """
        shared = self._shared(names)
        anywhere: Shared = {}
        for part in shared.values():
            for lemma, found in part.items():
                anywhere[lemma] = anywhere.get(lemma, set()) | found
        endings = tuple({old for part in self.parts.values() for old, _ in part.suffixes})
        irregular = set[str]().union(*(part.irregular for part in self.parts.values()))
        return [
            self._of_forms(word, shared)
            if word.endswith(endings) or word in irregular
            else anywhere.get(word, set())
            for word in map(str.lower, words)
        ]

    def _shared(self, names: Iterable[str]) -> dict[str, Shared]:
        """Return what shares synsets with names of one word, by part of speech."""
        shared: dict[str, Shared] = {kind: {} for kind in self.parts}
        for name in sorted(names):
            for line in self._lines(name.lower()) if "_" not in name else ():
                fields = line.decode().split()
                kind = fields[1]
                for offset in fields[-int(fields[2]) :]:
                    lemmas = self.parts[kind].lemmas(int(offset))
                    for lemma in lemmas if name in lemmas else ():
                        shared[kind].setdefault(lemma.lower(), set()).add(name)
        return shared

    def _of_forms(self, word: str, shared: Mapping[str, Shared]) -> set[str]:
        """Return the names that share synsets with the base forms of a word."""
        found = set[str]()
        for kind, part in self.parts.items():
            steps = list(part.steps(word, again=self.again))
            if any(form in shared[kind] for step in steps for form in step):
                known = ({form for form in step if self._has(form, kind)} for step in steps)
                for form in next(filter(None, known), ()):
                    found |= shared[kind].get(form, set())
        return found

    def _has(self, lemma: str, kind: str) -> bool:
        return any(line.split(b" ", 2)[1].decode() == kind for line in self._lines(lemma))

    def _lines(self, lemma: str) -> list[bytes]:
        """Return the lines of a lemma, one for each part of speech that it has."""
        start = lemma.encode() + b" "
        first = last = bisect_left(self.index, start)
        while last < len(self.index) and self.index[last].startswith(start):
            last += 1
        return self.index[first:last]


def load_wordnet(folder: Folder, *, again: bool) -> WordNet:
    """Return the WordNet whose database files are in a folder.

    ``again`` as in NLTK up to 3.8. Raises InputError where the files cannot be read.
    """
    try:
        parts = {kind: _part(folder, name) for kind, name in _KINDS.items()}
        lines = [
            line for name in _KINDS.values() for line in (folder / f"index.{name}").read_bytes().split(b"\n")
        ]
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{folder}: no database of WordNet: {error}") from None
    lines.sort()
    del lines[: bisect_left(lines, b"!")]  # the licence, on lines that start with blanks
    version = re.search(rb"WordNet (\d+\.\d+) Copyright", parts["n"].data[:4096])
    return WordNet(version[1].decode() if version else "unknown", lines, parts, again)


def _part(folder: Folder, name: str) -> _Part:
    irregular = {}
    for row in (folder / f"{name}.exc").read_text(encoding="utf-8").splitlines():
        form, *base = row.split()
        irregular[form] = base
    return _Part(irregular, _mapped(folder / f"data.{name}"), _SUFFIXES[name])


def _mapped(file: Folder) -> bytes | mmap:
    """Return the contents of a file of which little is read."""
    if not isinstance(file, Path):
        return file.read_bytes()
    with file.open("rb") as opened:
        return mmap(opened.fileno(), 0, access=ACCESS_READ)
