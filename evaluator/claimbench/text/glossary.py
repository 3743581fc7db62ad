"""Words of business and technology news that mean the same in German, Dutch and English but look different.

One line is one notion; each entry is how its words begin. Cognates and names need no entry: their letters are
alike.
"""

from __future__ import annotations

import re
from functools import lru_cache

from claimbench.text.normalise import canonical

NOTIONS: tuple[str, ...] = tuple(
    canonical(line)
    for line in """
    unternehm konzern firm bedrijf bedrijv compan corporat onderneming
    tochter dochter subsidiar
    mutter moeder parent
    gründ oprich gegründet opgericht founde founding
    konkurren wettbewerb rivale mededing concurr competit rival rivaal
    kund klant customer client abnehmer
    anbiet aanbied provider dienstleister dienstverlen
    dienst service
    branche industrie sektor sector industry
    markt market
    regierung administration overheid government regering
    amerikanisch amerikaans american us usa
    angestellt mitarbeit beschäftigt medewerk werknemer employe staff
    chef ceo leiter geschäftsführ bestuursvoorzitter topman
    leiten leitung leitet leiding leiden leidt head lead leads leading
    führungs leiderschap leadership
    fachkräft fachleut expert kenner insider spezialist specialist
    wissenschaft forsch wetenschap onderzoek scientist research
    ingenieur engineer
    arbeit werk work
    zusammenarbeit samenwerk kooperation cooperat collaborat partnerschaft partnerschap partnership
    vertrag verträge contract
    verbindung beziehung band banden relatie tie ties relationship
    abkomm vereinbarung einigung deal overeenkomst agreement geschäft
    gespräch verhandl onderhandel gesprek talk negotiat
    beend kapp abbrech abzubrech beëindig einde verbreken end ending cut terminat
    rückzug zurückzieh zurückzuzieh zurückgezog terugtrek terugtrok withdr
    erwäg erwog überleg überweg overweeg overwog consider
    plan geplant vorhab gepland
    beabsichtig wollen wolle will wil willen intend want wants
    vorbereit bereitet voorbereid prepar
    investi investment investition
    ausgeb ausgab gibt uitgev uitgav geeft spend spent expenditure
    zahlt zahlen zahlte bezahl betaal betal pay pays paid paying
    kauf erwerb koop gekocht kopen verwerv buy buys buying bought acquir purchas
    verkauf verkoop verkopen sell sold
    kost prijs preis price cost
    geld money
    umsatz omzet revenue erlös inkomst einnahm
    gewinn winst profit
    verlust verlies loss losses
    anteil beteiligung belang aandeel stake share
    bewert waarder gewaardeerd valu
    wert waarde worth
    summe bedrag betrag sum amount
    stimm stem vote voting
    daten data gegevens
    kennzeichn labeling labelling annotat labelt labels label labelen annoteer etikett
    ausbild training trainier trainieren trainen opleid train
    modell model
    künstlich kunstmatig artificial
    intelligenz intelligentie intelligence
    fortschritt vooruitgang progress
    fortschrittlich geavanceerd advanced
    entwick ontwikk develop
    erzeug generier herstell produ genereer vervaardig generat creat erstell maken making
    liefer lever suppl provide
    biet bied offer
    hochwertig hoogwaardig high-quality quality qualität kwaliteit
    wichtig bedeut belangrijk important importance
    groß größ groot grootst grote large largest big bigger biggest
    klein small
    neu nieuw new
    schnell snel fast faster quick
    beschleunig versnel accelerat
    wachs wächst groei groeit grow growing growth
    steig gestiegen stijg toename toenem toegenomen increas rise rising surge
    sink fall gefallen daal daling declin drop decrease
    stark sterk strong sharp
    führend toonaangev vooraanstaand top leading-edge
    weltweit wereldwijd world world's global
    nachfrage vraag demand
    zugang toegang access
    sicher veilig secur safe
    sorge angst befürcht zorg vrees concern fear worr
    gefahr risiko risico risk danger
    leck durchsicker offenleg lek uitlek openbaarmak leak expos disclos
    sensibel sensible gevoelig sensitiv sensitive
    vertraulich vertrouwelijk confidential
    autonom selbstfahr zelfrijd self-driving
    fahr rijden driving drive
    fahrzeug auto auto’s voertuig car cars vehicle
    verteidig defensie defence defense
    militär militair milit
    bestätig bevestig confirm
    sagt sagte erklär mitgeteilt teilte zegt zei verklaar meld say says said told stat announc
    bericht report
    quell bron bronnen source
    sprecher woordvoerder spokes
    äußer kommentier reageer commentaar comment
    schweig zwijg silent silence
    abgeschloss abschluss abgeschlossen afgerond afronden complet finali finish definitief rond
    ergebn resultat result uitkomst outcome
    erhalt bekomm ontvang gekregen krijg receiv gets obtain
    geb gegeben gev geven give given
    brauch benötig nodig need
    dringend urgent
    hoff erhoff hoop hope
    erwart verwacht expect
    verlass angewiesen vertrouw aangewezen rel reli depend geleund gestützt
    wechsel overstap switch moves moving
    vertrek leav left depart
    amt funktion functie post position role rolle rol
    jahr jaar year
    monat maand month
    woche week
    tag dag day
    mensch mens people human person
    frau vrouw woman women
    land länder country
    stadt city
    anfang begin begonn start started
    früher vroeger eerder früh earlier previous former formerly ehemalig voormalig
    künftig zukunft toekomst future
    zunächst zuerst anfangs oorspronkelijk ursprünglich original initially
    gemeinsam gezamenlijk joint together samen
    intensiv vertief verstärk versterk deepen strengthen
    lücke kloof achterstand gap lag lags
    druck zugzwang handlungsbedarf pressure
    herausforder uitdag challeng
    überleb voortbestaan overlev surviv
    grund ursache reden oorzaak reason cause
    zweck doel doeleinden ziel purpose aim goal
    gebiet bereich gebied field area
    schwerpunkt zwaartepunt focus
    ausführlich eingehend diepgaand uitgebreid detail in-depth
    beispiel voorbeeld example
    version versie variant
    angepasst aangepast adapt
    gering wenig weinig few fewer little limited beperkt begrenzt
    bewusst bewust aware
    übernehm übernimm overnem overname take takeover taking
    einstell eingestellt aannem aangenomen hir recruit
    labor lab labs laborator
    aufgab taak taken task tasks
    technologie techniek technik techn
    konflikt conflict
    interess belangen interest
    start-up startup
    einnahmequelle inkomstenbron
    """.splitlines()
    if line.strip()
)

_WHOLE = 4
"""An entry of no more letters is a whole word, not how one begins."""


@lru_cache(maxsize=1)
def _entries() -> tuple[dict[str, int], re.Pattern[str]]:
    whole: dict[str, int] = {}
    for number, line in enumerate(NOTIONS):
        for entry in line.split():
            whole.setdefault(entry, number)
    longest = sorted(whole, key=lambda entry: (-len(entry), entry))
    return whole, re.compile(
        "|".join(re.escape(e) if len(e) > _WHOLE else rf"{re.escape(e)}\Z" for e in longest)
    )


@lru_cache(maxsize=65536)
def notion(word: str) -> int | None:
    """Return the number of the notion that a case-folded word is an expression of, or None."""
    whole, pattern = _entries()
    match = pattern.match(word)
    return whole[match[0]] if match else None
