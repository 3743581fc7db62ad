"""A small word list of business news in German, Dutch and English: stems that a text is widened by."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")
_COLUMNS = {"de": 0, "nl": 1, "en": 2}
_STEMS = """
abkommen/akkoord/agreement abteilung/afdeling/division aktie/aandeel/share anbieter/aanbieder/provider
anteil/belang/stake arbeit/werk/work aufsicht/toezicht/supervis ausgeben/uitgeven/spend
bericht/melden/report beschäftigte/werknemer/employee bestell/bestel/order bestätig/bevestig/confirm
bewert/waardeer/valu beziehung/banden/ties börse/beurs/exchange daten/gegevens/data dienst/dienst/service
eigen/eigen/own einnahme/inkomsten/revenue entwickl/ontwikkel/develop erwart/verwacht/expect
experte/deskundige/expert forsch/onderzoek/research früher/eerder/earlier führ/leid/lead
gegründet/opgericht/found gericht/rechter/court geschäft/zaken/business gespräch/gesprek/talk
gewann/wint/won gewinn/winst/profit größte/grootste/largest heiß/heet/name hoff/hoop/hope jahr/jaar/year
kauf/koop/buy konkurrent/concurrent/competitor kosten/kosten/cost kunde/klant/customer
künstliche/kunstmatige/artificial land/land/country leiter/directeur/head mitarbeiter/medewerker/staff
mitgründer/medeoprichter/cofounder modell/model/model mutter/moeder/parent nachfrage/vraag/demand
neu/nieuw/new partnerschaft/partnerschap/partnership preis/prijs/price quelle/bron/source
regierung/overheid/government rücktritt/aftred/resign rückzug/terugtrek/withdraw schätz/schat/estimate
sicherheit/veiligheid/security sorge/zorg/concern steig/stijg/rise such/zoek/seek
technologie/technologie/technology tochter/dochter/subsidiary umsatz/omzet/revenue
unternehmen/bedrijf/company ursprünglich/oorspronkelijk/originally verkauf/verkoop/sell
verlass/verlaat/leav verlier/verlies/lose verlor/verlor/lost vertrag/contract/contract
vertraut/vertrouwd/familiar vorstand/bestuur/board wachstum/groei/growth wert/waarde/worth
wettbewerb/concurrentie/competition zahl/betaal/pay zusammenarbeit/samenwerk/cooperat
"""
LEXICON = tuple(tuple(entry.split("/")) for entry in _STEMS.split())


def widened(text: str, language: str) -> str:
    """Return the text with the German and Dutch stems of the words that are in the list.

    A word stands for every entry whose stem in the text's language it starts with.
    """
    own = _COLUMNS[language]
    others = [column for column in (0, 1) if column != own]
    words = dict.fromkeys(_WORD.findall(text.lower()))
    added = [
        entry[column]
        for word in words
        for entry in LEXICON
        if word.startswith(entry[own])
        for column in others
    ]
    return " ".join([text, *dict.fromkeys(added)])
