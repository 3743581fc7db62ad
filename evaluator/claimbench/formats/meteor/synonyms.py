"""Synonyms of English words in WordNet (Fellbaum 1998), by way of NLTK's base forms."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path

from claimbench.errors import InputError
from claimbench.formats.meteor.resources import Folder

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


@dataclass(frozen=True)
class _Part:
    """The files of one part of speech: lines of the index in order, irregular forms, synsets."""

    index: list[bytes]
    irregular: dict[str, list[str]]
    data: bytes | mmap
    suffixes: tuple[tuple[str, str], ...]
    endings: tuple[str, ...]

    def sharing(self, names: Iterable[str]) -> dict[str, set[str]]:
        """Return for each lemma in lower case those of the names that share a synset with it."""
        found: dict[str, set[str]] = {}
        for name in names:
            fields = self._line(name.lower()).split()
            for offset in fields[-int(fields[2]) :] if fields else ():
                lemmas = self._synset(int(offset))
                if name in lemmas:
                    for lemma in lemmas:
                        found.setdefault(lemma.lower(), set()).add(name)
        return found

    def forms(self, word: str, among: Container[str], *, again: bool) -> list[str]:
        """Return the base forms of a word that have synsets, or none if they are not among some words.

        ``again`` strips suffixes until a form is found, as NLTK did up to 3.8; later versions do it once.
        """
        if not word.endswith(self.endings) and word not in self.irregular:
            return [word] if word in among and self._line(word) else []
        steps = list(self._steps(word, again=again))
        if any(form in among for step in steps for form in step):
            for step in steps:
                if known := [form for form in step if self._line(form)]:
                    return known
        return []

    def _steps(self, word: str, *, again: bool) -> Iterator[set[str]]:
        """Yield the forms that a word may come from; those of a step count if none before has synsets."""
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

    def _line(self, lemma: str) -> bytes:
        """Return a lemma's line of the index, or nothing."""
        start = lemma.encode() + b" "
        place = bisect_left(self.index, start)
        found = place < len(self.index) and len(start) > 1 and self.index[place].startswith(start)
        return self.index[place] if found else b""

    def _synset(self, offset: int) -> list[str]:
        """Return the lemmas of a synset, in their own case."""
        fields = self.data[offset : self.data.find(b"|", offset)].decode().split()
        names = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
        return [_MARKER.sub("", name) if name[-1] == ")" else name for name in names]


@dataclass(frozen=True)
class WordNet:
    """A WordNet database, and NLTK's way to base forms."""

    version: str
    parts: tuple[_Part, ...]
    again: bool

    def synonyms(self, words: Sequence[str], names: Iterable[str]) -> list[set[str]]:
        """Return for each word those of the names that are in a synset of it, whatever its part of speech.

        What ``names`` share synsets with is looked up first, as few of the words have anything to do with it.
        """
        single = sorted(name for name in names if "_" not in name)
        found = [set[str]() for _ in words]
        for part in self.parts:
            sharing = part.sharing(single)
            for word, synonyms in zip(words, found, strict=True):
                for form in part.forms(word.lower(), sharing, again=self.again):
                    synonyms |= sharing.get(form, set())
        return found


def load_wordnet(folder: Folder, *, again: bool) -> WordNet:
    """Return the WordNet whose database files are in a folder.

    ``again`` as in NLTK up to 3.8. Raises InputError where the files cannot be read.
    """
    try:
        parts = tuple(_part(folder, name) for name in _SUFFIXES)
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"{folder}: no database of WordNet: {error}") from None
    version = re.search(rb"WordNet (\d+\.\d+) Copyright", parts[0].data[:4096])
    return WordNet(version=version[1].decode() if version else "unknown", parts=parts, again=again)


def _part(folder: Folder, name: str) -> _Part:
    index = (folder / f"index.{name}").read_bytes().split(b"\n")
    index.sort()
    irregular = {}
    for row in (folder / f"{name}.exc").read_text(encoding="utf-8").splitlines():
        form, *base = row.split()
        irregular[form] = base
    suffixes = _SUFFIXES[name]
    endings = tuple(ending for ending, _ in suffixes)
    return _Part(index, irregular, _mapped(folder / f"data.{name}"), suffixes, endings)


def _mapped(file: Folder) -> bytes | mmap:
    """Return the contents of a file of which little is read."""
    if not isinstance(file, Path):
        return file.read_bytes()
    with file.open("rb") as opened:
        return mmap(opened.fileno(), 0, access=ACCESS_READ)
