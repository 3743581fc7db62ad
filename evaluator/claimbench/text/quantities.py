"""Numbers in German, Dutch and English text: „rund 14,3 Milliarden Dollar“, “$ 870 miljoen”, “4.3 %”.

Digits and number words, scales of all three languages, currency, percent against percentage points, ranges,
and what before a number says how exact it is. The day of a date is no quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from claimbench.text import numbers
from claimbench.text.approximators import Approximator, approximator, without_approximator
from claimbench.text.currencies import currency
from claimbench.text.dates import MAY_BE_NUMERIC, MAY_NAME_MONTH, without_days
from claimbench.text.normalise import caseless, legible
from claimbench.text.quantity import Quantity, agree, disagree, lacking
from claimbench.text.screens import any_of, screen
from claimbench.text.side_by_side import Found, completed, ranges

__all__ = ["Quantity", "agree", "disagree", "lacking", "located", "quantities", "without_quantities"]


@lru_cache(maxsize=8192)
def quantities(text: str, language: str = "en") -> tuple[Quantity, ...]:
    """Return the distinct quantities of a text, sorted. ``language`` settles "1.000", "billion" and words."""
    plain, held = _screened(text)
    return _quantities(plain, language if held & _BY_LANGUAGE else "", held) if held else ()


@lru_cache(maxsize=8192)
def _screened(text: str) -> tuple[str, int]:
    """Return a legible text without days, and what its words hold that numbers may be read from."""
    plain = legible(text)
    held = _held(plain)
    if held & _DATE:
        plain = without_days(plain)
        held = _held(plain)
    if held & _BY_SCALE and _SCALE_AFTER_WORD.search(plain):
        held |= _BY_LANGUAGE
    return plain, held


def located(text: str, language: str) -> tuple[str, tuple[Found, ...]]:
    """Return a legible text without days, and its quantities with their places in that, repeats too."""
    plain, held = _screened(text)
    return plain, _found(plain, language if held & _BY_LANGUAGE else "", held)


def read_by_language(text: str) -> bool:
    """Whether a text has what another language may read as another number, or as none."""
    return bool(_screened(text)[1] & _BY_LANGUAGE)


def without_quantities(text: str, language: str) -> str:
    """Return what a text says beside its quantities and what approximates them."""
    plain, held = _screened(text)
    found = sorted(_found(plain, language, held), key=lambda each: each.start)
    for each in reversed(found):
        plain = f"{without_approximator(plain[: each.start])} {plain[each.end :]}"
    return plain


@lru_cache(maxsize=8192)
def _quantities(plain: str, language: str, held: int) -> tuple[Quantity, ...]:
    """Return the quantities of a text without days; without a language where all read it alike."""
    found = [each.quantity for each in _found(plain, language, held)]
    if len(found) < 2:
        return tuple(found)
    once = {(quantity.unit, quantity.value): quantity for quantity in reversed(found)}
    return tuple([once[key] for key in sorted(once)])


@lru_cache(maxsize=1024)
def _found(plain: str, language: str, held: int) -> tuple[Found, ...]:
    worded = list(_worded(plain)) if held & _IN_WORDS else []
    plain = _blanked(plain, worded)
    numbered = _numbers(plain, language) if language or held & _DIGIT else ()
    counted = completed(plain, ranges(plain, numbered))
    vague = _magnitudes(_blanked(plain, counted)) if held & _VAGUE else ()
    return (*worded, *counted, *vague)


def _blanked(plain: str, found: list[Found]) -> str:
    for each in found:
        plain = plain[: each.start] + "\0" * (each.end - each.start) + plain[each.end :]
    return plain


_WORD_SCALE = any_of((*numbers.SCALES, *numbers.LONG_AND_SHORT))
_ANY_SCALE = rf"{_WORD_SCALE}|{'|'.join(numbers.LETTERS)}"
_SCALES = re.compile(_ANY_SCALE)
_SCALE = rf"(?:{_ANY_SCALE})\b\.?"
_HUNDREDS = r"(?:hundert|honderd|hundred|tausend|duizend|thousand)"


def _word_pattern(*languages: str) -> str:
    words = {word for language in languages for word in numbers.WORDS[language]}
    return any_of(words).replace("ss", "(?:ss|ß)")


_FOLD = r"(?:fach|mal\b|voudig|maal\b|fold\b)"


def _fold(number: int, place: int) -> str:
    """Return the pattern of the adverb of a number: „dreifach“, “3-fold”, “driemaal”."""
    said = "|".join(numbers.SMALL[language][place] for language in ("de", "nl", "en"))
    return rf"(?:{said}|{number})-?{_FOLD}\w*"


_DIGIT, _BY_LANGUAGE, _BY_SCALE, _IN_WORDS, _VAGUE, _DATE = (1 << i for i in range(6))
_held = screen(
    r"\d",
    rf"\d[.,]\d{{3}}|(?<![\w.,])(?:{_word_pattern('de', 'nl', 'en')}|half)(?=\b|{_HUNDREDS})"
    rf"|{_HUNDREDS}|(?<![^\W\d_])(?:{any_of(numbers.LONG_AND_SHORT)})\b",
    rf"(?<![^\W\d_])(?:{any_of(numbers.SCALES)})\b",
    "hälfte|helft|half|viertel|kwart|quarter|drittel|derde|third|doppel|dubbel|doubl|tripl|quadrupl|twice"
    rf"|(?:{any_of(word for words in numbers.SMALL.values() for word in words)}|\d)-?{_FOLD}",
    "million|miljoen|milliard|miljard|billion",
    rf"{MAY_BE_NUMERIC}|{MAY_NAME_MONTH}",
)
"""Digits; what is read by language: number words and three digits behind a mark; scales, before which „halbe“
and „eine“ are read by language; words of a share; orders of magnitude; dates.
"""
_SCALE_AFTER_WORD = re.compile(rf"[^\W\d_][ -](?:{any_of(numbers.SCALES)})\b", re.IGNORECASE)
_SYMBOL = r"us-?\$|[$€£¥]|(?-i:\b[A-Z]{3}(?= ?\d))"
_SHARE = re.compile(
    r"[\s-]*(?:(?P<points>%-?punkte?n?\b|prozentpunkte?n?\b|procentpunt(?:en)?\b|percentage points?\b|pp\b)"
    r"|%(?:-?ige[nrms]?\b)?|prozent\w*|procent\w*|percent\w*|per cent\b|pct\b)",
    re.IGNORECASE,
)
_WORD = r"(?:[\s-]|von |of |aan )*((?:us[- ]?(?=dollar|\$))?(?:[^\W\d_]+|[$€£¥]))"
_AFTER = re.compile(f"{_WORD}(?:{_WORD}(?:{_WORD})?)?", re.IGNORECASE)
"""Up to three words after a number."""
_FOUR_DIGITS = re.compile(r"(?:19|20)\d\d")
_LABELLED = re.compile(
    r"[^\W\d_][-‐]\Z|(?<!\w)(?:section|sectie|article|artikel|absatz|paragra(?:ph|f|af)|kapitel|chapter"
    r"|hoofdstuk|abschnitt|seite|page|pagina|n(?:umme)?r\.?|no\.|number|§)\s*\Z",
    re.IGNORECASE,
)
_LONGEST = 12
"""Nothing that makes a number a label is longer."""
_MOST_DIGITS = 40
"""Longer numbers are none that a text means, and may be more than a decimal holds."""


@lru_cache(maxsize=4)
def _number(language: str) -> re.Pattern[str]:
    """Return what finds numbers of a language; of digits alone, and for that faster, without one."""
    begins, said = r"(?=(?-i:[\dA-Zu$€£¥]))", rf"(?P<digits>{numbers.DIGITS})"
    if language:
        begins = ""
        said += (
            rf"|(?P<word>{_word_pattern(language)})(?=\b|{_HUNDREDS})"
            rf"|(?P<half>{numbers.HALF[language]})(?=[\s-](?:{_WORD_SCALE})\b)"
            rf"|(?P<one>{numbers.ONE[language]})(?=[\s-](?:{_WORD_SCALE})\b)"
            rf"|(?P<none>)(?={_HUNDREDS}\b)"
        )
    return re.compile(
        rf"{begins}(?:(?P<symbol>{_SYMBOL})\s*)?(?<![\w.,])(?:{said})"
        rf"(?P<scales>(?:[\s-]*(?:(?:{_HUNDREDS})(?=[^\W\d_])|{_SCALE})){{0,2}})",
        re.IGNORECASE,
    )


def _numbers(plain: str, language: str) -> Iterator[Found]:
    for match in _number(language).finditer(plain):
        digits, scales = match["digits"], match["scales"]
        if digits and len(digits) > _MOST_DIGITS:
            continue
        value = numbers.parse_number(digits, language) if digits else _value(match, language)
        unit, end = _unit(plain, match)
        scale = _power(scales, unit, language) if scales else 0
        if not unit and not scale and _FOUR_DIGITS.fullmatch(match[0].strip()):
            yield Found(match.start(), end, Quantity("year", value.normalize()), 0)
            continue
        said = approximator(plain[: match.start()])
        if (
            not unit
            and not scale
            and _LABELLED.search(plain, max(0, match.start() - _LONGEST), match.start())
        ):
            unit = "label"
        yield Found(match.start(), end, Quantity(unit, value.scaleb(scale).normalize(), said), scale)


def _value(match: re.Match[str], language: str) -> Decimal:
    if match["word"]:
        return numbers.WORDS[language][caseless(match["word"])]
    return Decimal("0.5") if match["half"] else Decimal(1)


def _power(scales: str, unit: str, language: str) -> int:
    words = _SCALES.findall(caseless(scales))
    if unit in ("", "percent", "points") and not numbers.LETTERS.keys().isdisjoint(words):
        return 0  # „5 m“ are metres
    return sum(numbers.power(word, language) for word in words)


def _unit(plain: str, match: re.Match[str]) -> tuple[str, int]:
    """Return the unit of a number and where it ends: after it a share or a currency, else before it."""
    if share := _SHARE.match(plain, match.end()):
        return "points" if share["points"] else "percent", share.end()
    after = _AFTER.match(plain, match.end())
    if after and (found := currency(tuple(filter(None, after.groups())))):
        return found[0], after.end(found[1])
    before = currency((match["symbol"],)) if match["symbol"] else None
    return before[0] if before else "", match.end()


_WORDED: tuple[tuple[str, str, Approximator, str], ...] = (
    (
        "percent",
        "50",
        "",
        r"(?:die |der )?hälfte\b|(?:de )?helft\b|(?<!and a )half\b(?! an?\b| jaar\b| year\b|-)",
    ),
    ("percent", "75", "", r"drei ?viertel\b|drie ?kwart\b|three[- ]quarters\b"),
    ("percent", "25", "", r"(?:ein )?viertel\b|een kwart\b|(?:a|one) quarter\b"),
    ("percent", "67", "about", r"zwei drittel\b|twee ?derde\b|two[- ]thirds\b"),
    ("percent", "33", "about", r"ein drittel\b|een derde van\b|(?:a|one) third of\b"),
    ("multiple", "2", "", r"verdoppel\w*|verdubbel\w*|doubl(?:ed|es|ing)\b|doppelt so\b|twice as\b"),
    ("multiple", "3", "", r"verdreifach\w*|verdrievoudig\w*|tripl(?:e[ds]?|ing)\b(?!-)"),
    ("multiple", "4", "", r"vervierfach\w*|verviervoudig\w*|quadrupl(?:e[ds]?|ing)\b(?!-)"),
    *(("multiple", str(n), "", _fold(n, n - 2)) for n in range(2, 11)),
)
"""Unit, value and approximator of what is said in words; a third is about 33 percent."""
_SCALED = re.compile(rf"\s+(?:{_WORD_SCALE})\b", re.IGNORECASE)
_MAGNITUDE = re.compile(
    r"(?<!\w)(?:(?P<hundreds>hunderte[nr]?|honderden|hundreds)(?: von| of)? )?"
    r"(?:multi-?)?(?:(?P<six>millionen|miljoenen|millions|million(?=-[^\W\d_]))|milliarden|miljarden|billions"
    r"|billion(?=-[^\W\d_]))",
    re.IGNORECASE,
)


_MAGNITUDES = re.compile("l(?:lion|joen|liard|jard)", re.IGNORECASE)


def _worded(plain: str) -> Iterator[Found]:
    """Yield shares and multiples written in words: „fast die Hälfte“, “two-thirds”, „verdreifacht“."""
    for unit, value, fixed, pattern in _WORDED:
        for match in re.finditer(rf"(?<!\w)(?:{pattern})", plain, re.IGNORECASE):
            if _SCALED.match(plain, match.end()):
                continue  # „half miljard“ is half of 10⁹
            said = fixed or approximator(plain[: match.start()])
            found = Found(match.start(), match.end(), Quantity(unit, Decimal(value).normalize(), said), 0)
            plain = _blanked(plain, [found])
            yield found


def _magnitudes(plain: str) -> Iterator[Found]:
    """Yield orders of magnitude: „Hunderte Millionen Dollar“, “billions of dollars”."""
    if not _MAGNITUDES.search(plain):
        return
    for match in _MAGNITUDE.finditer(plain):
        power = (6 if match["six"] else 9) + 2 * bool(match["hundreds"])
        after = _AFTER.match(plain, match.end())
        code = currency((after[1],)) if after else None
        quantity = Quantity(
            code[0] if code else "", Decimal(1).scaleb(power).normalize(), "order_of_magnitude"
        )
        yield Found(match.start(), match.end(), quantity, power)
