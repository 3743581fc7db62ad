"""Porter's stemmer with the changes that NLTK made to it (Porter 1980).

Equals ``nltk.stem.PorterStemmer().stem`` for words in lower case, in every version from 3.4 on.
"""

from __future__ import annotations

from functools import lru_cache
from string import ascii_lowercase

_WHOLE = {
    "skies": "sky",
    "sky": "sky",
    "dying": "die",
    "lying": "lie",
    "tying": "tie",
    "news": "news",
    "innings": "inning",
    "inning": "inning",
    "outings": "outing",
    "outing": "outing",
    "cannings": "canning",
    "canning": "canning",
    "howe": "howe",
    "proceed": "proceed",
    "exceed": "exceed",
    "succeed": "succeed",
}

_DERIVED = {
    "ational": "ate",
    "tional": "tion",
    "enci": "ence",
    "anci": "ance",
    "izer": "ize",
    "bli": "ble",
    "alli": "al",
    "entli": "ent",
    "eli": "e",
    "ousli": "ous",
    "ization": "ize",
    "ation": "ate",
    "ator": "ate",
    "alism": "al",
    "iveness": "ive",
    "fulness": "ful",
    "ousness": "ous",
    "aliti": "al",
    "iviti": "ive",
    "biliti": "ble",
    "fulli": "ful",
}
"""Suffixes of the second step, of which the first that fits decides."""

_DOUBLED = {
    "icate": "ic",
    "ative": "",
    "alize": "al",
    "iciti": "ic",
    "ical": "ic",
    "ful": "",
    "ness": "",
}
"""Suffixes of the third step."""

_ENDS = (*_DERIVED, *_DOUBLED)

_DROPPED = (
    *("al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion"),
    *("ou", "ism", "ate", "iti", "ous", "ive", "ize"),
)
"""Suffixes of the fourth step."""


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the stem of a word in lower case."""
    if word in _WHOLE:
        return _WHOLE[word]
    if len(word) <= 2:
        return word
    word = _past(_plural(word))
    if word.endswith("y") and len(word) > 2 and _kinds(word)[-2] == "c":
        word = word[:-1] + "i"
    return _final(_without(_replaced(_second(word), _DOUBLED)))


class _Kinds(dict[int, str]):
    """Character to its kind; what is not listed is a consonant."""

    def __missing__(self, character: int) -> str:
        return "c"


_KIND = _Kinds({**{ord(letter): "c" for letter in ascii_lowercase}, **{ord(v): "v" for v in "aeiou"}})
_KIND_BUT_Y = _Kinds({**_KIND, ord("y"): "y"})


def _kinds(word: str) -> str:
    """Return "c" for each consonant and "v" for each vowel; y is a vowel after a consonant."""
    if "y" not in word:
        return word.translate(_KIND)
    kinds, before = [], "v"
    for kind in word.translate(_KIND_BUT_Y):
        before = kind if kind != "y" else "v" if before == "c" else "c"
        kinds.append(before)
    return "".join(kinds)


def _measure(word: str) -> int:
    """Return how often consonants follow upon vowels."""
    return _kinds(word).count("vc")


def _ends_short(word: str) -> bool:
    """Whether a word ends in consonant, vowel, consonant (not w, x, y), or is a vowel and a consonant."""
    kinds = _kinds(word)
    return kinds == "vc" or (kinds.endswith("cvc") and word[-1] not in "wxy")


def _plural(word: str) -> str:
    if word[-1] != "s":
        return word
    if word.endswith("ies"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("sses"):
        return word[:-2]
    return word if word.endswith("ss") else word[:-1]


def _past(word: str) -> str:
    if not word.endswith(("ed", "ing")):
        return word
    if word.endswith("ied"):
        return word[:-1] if len(word) == 4 else word[:-2]
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    root = word[: -2 if word[-1] == "d" else -3]
    kinds = _kinds(root)
    if "v" not in kinds:
        return word
    if root.endswith(("at", "bl", "iz")):
        return root + "e"
    if len(root) >= 2 and root[-1] == root[-2] and kinds[-1] == "c":
        return root if root[-1] in "lsz" else root[:-1]
    return root + "e" if kinds.count("vc") == 1 and _ends_short(root) else root


def _second(word: str) -> str:
    if word.endswith("alli") and _measure(word[:-4]):
        word = word[:-2]
    if word.endswith("logi"):
        return word[:-1] if _measure(word[:-3]) else word
    return _replaced(word, _DERIVED)


def _replaced(word: str, suffixes: dict[str, str]) -> str:
    if not word.endswith(_ENDS):
        return word
    for suffix, other in suffixes.items():
        if word.endswith(suffix):
            root = word[: -len(suffix)]
            return root + other if _measure(root) else word
    return word


def _without(word: str) -> str:
    if not word.endswith(_DROPPED):
        return word
    for suffix in _DROPPED:
        if word.endswith(suffix):
            root = word[: -len(suffix)]
            fits = _measure(root) > 1 and (suffix != "ion" or root[-1] in "st")
            return root if fits else word
    return word


def _final(word: str) -> str:
    if word.endswith("e"):
        root = word[:-1]
        measure = _measure(root)
        if measure > 1 or (measure == 1 and not _ends_short(root)):
            word = root
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word
