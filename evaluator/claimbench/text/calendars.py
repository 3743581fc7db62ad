"""Names of months and weekdays in German, Dutch and English: CLDR's, which a test compares with Babel's.

They are written out because asking for them would take longer than scoring a small file.
"""

from __future__ import annotations

_MONTHS = """
januar januari january
februar februari february
märz maart march
april
mai mei may
juni june
juli july
august augustus
september
oktober october
november
dezember december
"""
_SHORT_MONTHS = """
jan
feb
mär märz mrt mar
apr
mai mei may
jun juni
jul juli
aug
sep sept
okt oct
nov
dez dec
"""
_WEEKDAYS = """
montag maandag monday
dienstag dinsdag tuesday
mittwoch woensdag wednesday
donnerstag donderdag thursday
freitag vrijdag friday
samstag zaterdag saturday
sonntag zondag sunday
"""


def _numbered(lines: str, first: int) -> dict[str, int]:
    return {name: i for i, names in enumerate(lines.split("\n")[1:-1], start=first) for name in names.split()}


WHOLE_MONTHS = _numbered(_MONTHS, 1)
MONTHS = WHOLE_MONTHS | _numbered(_SHORT_MONTHS, 1)
WEEKDAYS = _numbered(_WEEKDAYS, 0)
"""Numbers by name, case folded; weekdays count from Monday as 0."""
