"""What a bare number counts by the noun behind it: “five years”, „fünf volle Tage“, “29 miljard aandelen”."""

from __future__ import annotations

import re

from claimbench.text.currencies import currency
from claimbench.text.normalise import caseless

_ROWS = """
years: year years jahr jahre jahren jahres jaar jaren jährig jährige jährigen jarig jarige
months: month months monat monate monaten monats maand maanden
weeks: week weeks woche wochen weken
days: day days tag tage tagen tages dag dagen
hours: hour hours stunde stunden uur uren
minutes: minute minutes minuten minuut
seconds: second seconds sekunde sekunden seconde seconden
quarters: quarter quarters quartal quartale quartalen kwartaal kwartalen
decades: decade decades jahrzehnt jahrzehnte jahrzehnten dekade dekaden decennium decennia
centuries: century centuries jahrhundert jahrhunderte jahrhunderten eeuw eeuwen
times: times mal maal keer
percent: percent prozent procent
points: point points punkt punkte punkten punt punten promille
shares: share shares stock stocks aktie aktien aandeel aandelen
sources: source sources quelle quellen insiderquelle insiderquellen bron bronnen
companies: company companies firm firms unternehmen firma firmen bedrijf bedrijven startup startups
employees: employee employees worker workers mitarbeiter mitarbeitern mitarbeiterinnen beschäftigte
employees: beschäftigten angestellte angestellten medewerker medewerkers werknemer werknemers
customers: customer customers client clients kunde kunden klant klanten
users: user users nutzer nutzern gebruiker gebruikers
measures: km kilometer kilometre kilometers kilometres kilometern meter metre meters metres metern mile miles
measures: meilen mijl kg kilo kilogramm ton tons tonne tonnes tonnen grad degree degrees graad graden uhr
places: st nd rd th
"""
_NOUNS = {
    word: name
    for name, _, words in (row.partition(":") for row in _ROWS.strip().splitlines())
    for word in words.split()
}
"""Nouns, case folded, and what they count; another noun may be a further word for what is asked for."""
_PREPOSITIONS = """
    a an of in within over after before since for at by per to on as or and auf im innerhalb nach vor seit für
    über bei pro je zu am als oder und von binnen na voor sinds bij op te of en van der die das dem den the de
    het
"""
_PARTING = frozenset(_PREPOSITIONS.split())
"""Words behind which a number's noun does not follow."""
_OF = r"(?:(?:of|von|van|aan) )?(?:(?:the|der|den|de) )?"
_BEHIND = re.compile(rf"[\s-]*{_OF}([^\W\d_]+)(?:[\s-]+([^\W\d_]+))?")


def counted(plain: str, end: int) -> str:
    """Return what a number that ends there counts, as gold units are named; "" where no known noun says."""
    found = _BEHIND.match(plain, end)
    if not found:
        return ""
    first, second = found.groups()
    if money := currency((first,)):
        return money[0]
    first = caseless(first)
    if first in _NOUNS or first in _PARTING:
        return _NOUNS.get(first, "")
    return _NOUNS.get(caseless(second or ""), "")


def counts_as(noun: str, unit: str) -> bool:
    """Whether what a number counts is the gold's unit, or may be; a gold without a unit takes any."""
    return not (noun and unit) or noun == _NOUNS.get(unit, unit)
