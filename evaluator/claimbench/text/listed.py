"""Whether a text lists what a gold list has: all of it, nothing else, in any order."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from claimbench.text.approximators import direction
from claimbench.text.normalise import tokens
from claimbench.text.quantities import quantities, without_quantities
from claimbench.text.quantity import CLOSE, UNMEASURED, Quantity, agree, in_one_currency
from claimbench.text.same_name import same_name

_AND = r"(?:und|en|and|sowie|evenals|alsook|as well as)(?: (?:auch|ook|also|sogar|zelfs|even))?"
_SEPARATOR = re.compile(
    rf"\s*(?:[;\n]|,(?!\d))\s*(?:{_AND}\s+)?|\s+(?:{_AND}|als auch|plus|&)\s+", re.IGNORECASE
)
_ALS = re.compile(r"(?<=\w) als (?:ook )?", re.IGNORECASE)
_MARK = r"(?:[-–—*•]|\(?\d{1,2}[.)])[ \t]+"
_MARKS = re.compile(rf"^[ \t]*{_MARK}", re.MULTILINE)
_NUMBERED = re.compile(r"\s*\(?1[.)]\s")
_NUMBERS = re.compile(r"(?<=\s)\(?\d{1,2}[.)]\s")
_LEAD = re.compile(
    r"\s*(?:(?P<zowel>zowel)|both|beide|sowohl|einerseits|enerzijds"
    r"|(?:(?:die|the|de) )?(?:(?:beiden|zwei|two|twee|drei|three|drie) )?"
    r"(?:firmen|unternehmen|konzerne|kunden|companies|firms|customers|bedrijven|concerns|ondernemingen|klanten))"
    r"(?:\s*:\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
"""What leads a list in and names none of its members."""
_LITTLE = """
    zu te to um om its his their sein seine seinen seiner seines ihr ihre ihren ihrer ihres zijn hun haar
"""
_LIGHT = frozenset(_LITTLE.split())
"""Words that make a sentence of a member and say nothing: „seine Position zu stärken“."""


def states_list(gold: tuple[str, ...], written: str, text: str, language: str) -> bool:
    """Whether the text lists every gold member and nothing else, in any order.

    Members that are sums are compared by what they amount to; ``written`` is the language of the gold,
    ``language`` the one that the text's numbers are read in.
    """
    if sums := _sums(gold, written):
        return _states_sums(sums, quantities(text, language))
    said = _parts(text)
    members = _members(gold)
    return len(said) == sum(size for _, size in members) and _are_laid_out(members, said)


def _are_laid_out(gold: tuple[tuple[str, int], ...], said: tuple[str, ...]) -> bool:
    """Whether the parts of a text are the gold members, each of as many parts as it has itself."""
    return not gold or any(
        _same_member(member, " ".join(said[:size]))
        and _are_laid_out((*gold[:i], *gold[i + 1 :]), said[size:])
        for i, (member, size) in enumerate(gold)
    )


@lru_cache(maxsize=1024)
def _members(gold: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Return each member without its own separators, with how many parts these make of it."""
    return tuple((" ".join(_parts(member)), len(_parts(member))) for member in gold)


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[str, ...]:
    """Return what the separators of a list leave of a text, without bullets and what leads the list in."""
    plain = _NUMBERS.sub("; ", text) if _NUMBERED.match(text) else text
    plain = _MARKS.sub("", plain)
    if lead := _LEAD.match(plain):
        plain = plain[lead.end() :]
        if lead["zowel"]:
            plain = _ALS.sub("; ", plain, count=1)
    return tuple(part for part in _SEPARATOR.split(plain) if part.strip())


def _same_member(left: str, right: str) -> bool:
    return _worded(left) == _worded(right) or same_name(left, right)


@lru_cache(maxsize=1 << 13)
def _worded(member: str) -> tuple[str, ...]:
    said = tokens(member)
    return tuple(word for word in said if word not in _LIGHT) or said


@lru_cache(maxsize=1024)
def _sums(members: tuple[str, ...], language: str) -> tuple[Quantity, ...]:
    """Return the sums or shares that a list is of; none where a member is or says anything else."""
    read = [quantities(member, language) for member in members]
    rest = "".join(without_quantities(member, language) for member in members)
    if any(map(str.isalnum, rest)) or not all(len(q) == 1 and q[0].unit not in UNMEASURED for q in read):
        return ()
    return tuple(q[0] for q in read)


def _states_sums(gold: tuple[Quantity, ...], found: tuple[Quantity, ...]) -> bool:
    """Whether a text gives every sum and no other; sums may go without a unit where none has one."""
    units = {q.unit for q in gold}
    said = [q for q in in_one_currency(found) if q.unit in units]
    if not said and all(q.unit in UNMEASURED for q in found):
        said = [q for q in found if not q.unit]
    pairs = [[_same_sum(q, each) for q in said] for each in gold]
    return len(said) == len(gold) and all(map(any, [*pairs, *zip(*pairs, strict=True)]))


def _same_sum(said: Quantity, gold: Quantity) -> bool:
    """Whether a sum is the gold one, or approximates it as the gold does or from near."""
    if not said.approximator:
        return said.value == gold.value
    near = not direction(said.approximator) and abs(said.value - gold.value) <= CLOSE * abs(gold.value)
    may = said.approximator != "between" and (near or said.value == gold.value)
    return may and agree(replace(said, unit=gold.unit), gold)
