"""The unit that offsets of system claims count in, and their conversion to code points.

A line may declare its unit. For the other lines of a run it is the one in which most spans hold the words
their claims give for them: the ``quote`` where there is one, else the text of the claim, which extractive
systems copy. Code points win ties, and another unit is inferred only where it explains most of the claims
that distinguish it: those in the words of their article whose span it puts elsewhere than code points do. So
offsets that are off by one, of which a few fit some unit by chance, stay code points and score as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import accumulate

from msgspec.structs import replace

from claimbench.reading.corpus import Corpus
from claimbench.records import OFFSETS, ExtractedClaim, ExtractionPrediction, Offsets
from claimbench.tasks.base import Settled

LABELS: dict[Offsets, str] = {
    "codepoints": "code points",
    "utf16": "UTF-16 code units",
    "utf8": "bytes of UTF-8",
}

_WIDTHS: dict[Offsets, Callable[[str], int]] = {
    "codepoints": lambda character: 1,
    "utf16": lambda character: 2 if character > "\uffff" else 1,
    "utf8": lambda character: len(character.encode()),
}

_SHOWN = 40


@lru_cache(maxsize=256)
def positions(text: str, unit: Offsets) -> Mapping[int, int]:
    """Return every offset of a unit that lies between two code points, and how many are before it."""
    return {offset: i for i, offset in enumerate(accumulate(map(_WIDTHS[unit], text), initial=0))}


def located(text: str, claim: ExtractedClaim, unit: Offsets) -> tuple[int, int] | None:
    """Return a claim's span in code points; None where it has none, or none in the text by this unit."""
    if claim.start is None or claim.end is None or claim.start >= claim.end:
        return None
    places = positions(text, unit)
    start, end = places.get(claim.start), places.get(claim.end)
    return None if start is None or end is None else (start, end)


def says(text: str, claim: ExtractedClaim, unit: Offsets) -> bool:
    """Whether a claim's span, by this unit, holds its quote, or without a quote its text but for blanks."""
    place = located(text, claim, unit)
    if place is None:
        return False
    held = text[place[0] : place[1]]
    return held == claim.quote if claim.quote is not None else held.split() == claim.text.split()


def settle(corpus: Corpus, predictions: Mapping[str, ExtractionPrediction]) -> Settled[ExtractionPrediction]:
    """Return a run with all spans in code points, what is wrong with them, and the units they came in."""
    articles = corpus.article_by_id
    spanned = {name: line for name, line in predictions.items() if any(_spans(line))}
    undeclared = [
        (articles[name].text, claim)
        for name, line in spanned.items()
        if line.offsets is None
        for claim in _spans(line)
    ]
    fits = {unit: sum(says(text, claim, unit) for text, claim in undeclared) for unit in OFFSETS}
    detected = max(OFFSETS, key=lambda unit: fits[unit])
    if not _explains(detected, undeclared):
        detected = "codepoints"
    units = {name: line.offsets or detected for name, line in spanned.items()}
    problems = [
        (name, pointer, message)
        for name, unit in units.items()
        for pointer, message in _problems(articles[name].text, spanned[name], unit)
    ]
    if problems or not units:
        return Settled(predictions, problems=tuple(problems))
    notes = [_read_as(detected, fits, len(undeclared))] if detected != "codepoints" else []
    notes += _astray([(articles[n].text, claim, units[n]) for n in units for claim in _spans(spanned[n])])
    converted = {name: _converted(articles[name].text, spanned[name], unit) for name, unit in units.items()}
    return Settled(
        {**predictions, **converted},
        signed={"offsets": "+".join(unit for unit in OFFSETS if unit in units.values())},
        notes=tuple(notes),
    )


def _explains(unit: Offsets, claims: list[tuple[str, ExtractedClaim]]) -> bool:
    """Whether a unit puts most claims in the words of their article right that it puts elsewhere."""
    right = [
        says(text, claim, unit)
        for text, claim in claims
        if located(text, claim, unit) != located(text, claim, "codepoints")
        and ((claim.quote or claim.text) in text or says(text, claim, unit))
    ]
    return 2 * sum(right) > len(right)


def _claims(line: ExtractionPrediction) -> tuple[ExtractedClaim, ...]:
    return line.claims if isinstance(line.claims, tuple) else ()


def _spans(line: ExtractionPrediction) -> Iterator[ExtractedClaim]:
    return (claim for claim in _claims(line) if claim.start is not None and claim.end is not None)


def _converted(text: str, line: ExtractionPrediction, unit: Offsets) -> ExtractionPrediction:
    def convert(claim: ExtractedClaim) -> ExtractedClaim:
        place = located(text, claim, unit)
        return claim if place is None else replace(claim, start=place[0], end=place[1])

    return replace(line, offsets="codepoints", claims=tuple(map(convert, _claims(line))))


def _problems(text: str, line: ExtractionPrediction, unit: Offsets) -> Iterator[tuple[str, str]]:
    length = sum(map(_WIDTHS[unit], text))
    for i, claim in enumerate(_claims(line)):
        if claim.start is None or claim.end is None or claim.start >= claim.end:
            continue
        others = [other for other in OFFSETS if other != unit and says(text, claim, other)]
        hint = f'; it fits offsets in {LABELS[others[0]]}: "{others[0]}"' if others else ""
        if claim.end > length:
            yield f"/claims/{i}/end", f"{claim.end} lies outside the text of {length} {LABELS[unit]}{hint}"
        elif (place := located(text, claim, unit)) is None:
            name = "end" if claim.start in positions(text, unit) else "start"
            offset = getattr(claim, name)
            yield f"/claims/{i}/{name}", f"{offset} {LABELS[unit]} end inside a character{hint}"
        elif claim.quote is not None and claim.quote != text[place[0] : place[1]]:
            found, given = _short(text[place[0] : place[1]]), _short(claim.quote)
            expected = f"expected the text at {claim.start}–{claim.end} in {LABELS[unit]}, '{found}'"
            yield f"/claims/{i}/quote", f"{expected}, got '{given}'{hint or _elsewhere(text, claim.quote)}"


def _elsewhere(text: str, quote: str) -> str:
    start = text.find(quote)
    return f"; it stands at {start}–{start + len(quote)} in code points" if start >= 0 else ""


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _read_as(detected: Offsets, fits: Mapping[Offsets, int], spans: int) -> str:
    return (
        f"offsets are read as {LABELS[detected]}: so {fits[detected]} of {spans} spans hold the words of "
        f"their claim, as code points {fits['codepoints']} would"
    )


def _astray(spans: list[tuple[str, ExtractedClaim, Offsets]]) -> Iterator[str]:
    """Say how many claims are copied from an article, but not from where their span is."""
    copied = [(text, claim, unit) for text, claim, unit in spans if claim.text in text]
    astray = sum(not says(text, claim, unit) for text, claim, unit in copied)
    if astray:
        yield f"{astray} of {len(copied)} claims in the words of their article have a span with other words"
