"""What kind of answer a German, Dutch or English question expects, read off its wording."""

from __future__ import annotations

import re

_MUCH = r"(?:wie ?viel|wie hoch|hoeveel|hoe hoog|how much|how high)"
_WHICH = r"(?:welch\w*|welk\w*|which|what)(?: \w+)?"
_WHICH_OF = r"(?:welch\w*|welk\w*|which|what)(?: [\w-]+){0,3}? [\w-]*"
_SUM = (
    r"(?:dollar|euro|geld\b|money|kost\w*|cost\w*|wert\b|bewert\w*|worth|valu\w*|waard\w*|umsatz|omzet|revenue|"
    r"summe|sum\b|betrag|bedrag|amount|preis|prijs|price|zahl\w*|betaal\w*|pay|paid|spen[dt]\w*|invest\w*|"
    r"ausgeben|uitgeven|g[ie]bt\b.*\baus|geeft\b.*\buit)"
)
_MEMBERS = (
    r"(?:unternehmen|firmen|bedrijven|companies|kunden|klanten|customers|\w*konkurrenten|concurrenten|rivals|"
    r"competitors|personen|people|investoren|investeerders|investors)"
)
_BODY = (
    r"(?:firma|unternehmen|konzern|concern|bedrijf|company|firm|start-?up|organi[sz]ation\w*|organisatie|"
    r"nachrichtenagentur|persbureau|agency|medium|outlet|lab)"
)
_THING = r"(?:modell?|produkte?|products?|app|software|programme?|programma)"
_PLACE = r"(?:land|country|stadt|stad|city|region|regio|staat|state|ort|plaats|place)"
_PARENT = r"(?:mutter(?:gesellschaft|konzern)|moederbedrijf|moederconcern|parent company)\b"
_NAMED = r"(?:wie hei(?:ß|ss)t|hoe heet|what is the name of)\b"
_VERBS = (
    r"(?:ist|sind|war|hat|haben|hatte|wird|werden|wurden?|kann|bleibt|will|plant|gehört|steht|soll|muss|"
    r"is|zijn|waren|heeft|hebben|had|werd|wordt|worden|kan|blijft|wil|staat|moet|"
    r"are|were|has|have|did|does|do|will|would|can|could)"
)
_PATTERNS = {
    "percent": r"prozent|procent|percent",
    "money": rf"{_MUCH}\b.*{_SUM}|{_WHICH} {_SUM}",
    "share": rf"(?:{_MUCH}|{_WHICH})\b.*(?:anteil|aandeel|\bbelang\b|\bstake\b|\bshare\b)",
    "amount": r"how much\b",
    "date": rf"\b(?:wann|wanneer|when)\b|{_WHICH} (?:jahr|jaar|year|tag|dag|day)\b",
    "number": r"wie ?viele?\b|\bhoeveel\b|how many",
    "reason": r"\b(?:warum|weshalb|wieso|waarom|why)\b",
    "list": rf"{_WHICH} {_MEMBERS}\b.*\b(?:werden|worden|zijn|sind|haben|hebben|are|were|have)\b",
    "organisation": rf"{_WHICH} {_BODY}\b|{_NAMED}.*{_PARENT}",
    "product": rf"{_WHICH_OF}{_THING}\b",
    "place": rf"^(?:wo|waar|where)\b|{_WHICH_OF}{_PLACE}\b",
    "person": r"\b(?:wem|wessen|met wie|van wie|whom|whose)\b",
    "yes_no": rf"^{_VERBS}\b",
}
_SAME = {"share": "percent", "amount": "money"}
_COMPILED = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _PATTERNS.items()}
_WHO = {"de": r"^wer\b", "nl": r"^wie\b", "en": r"^who\b"}


def expected(question: str, language: str) -> str:
    """Return the expected answer's kind; "description" where the wording gives none away."""
    for kind, pattern in _COMPILED.items():
        if pattern.search(question):
            return _SAME.get(kind, kind)
    return "person" if re.match(_WHO[language], question, re.IGNORECASE) else "description"
