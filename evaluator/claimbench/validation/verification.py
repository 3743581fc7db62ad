"""What a verification item must mean beyond what all items must."""

from __future__ import annotations

from collections.abc import Iterator

from claimbench.records import Label, Stance, Verification
from claimbench.validation import items
from claimbench.validation.gold import Finding, Gold, Rule, show

STANCES: dict[Label, set[Stance]] = {
    "supported": {"supports"},
    "refuted": {"refutes"},
    "conflicting": {"supports", "refutes"},
    "not_enough_info": set(),
}
"""The stances that the evidence of each label has."""


def evidence_fits_label(item: Verification, gold: Gold) -> Iterator[Finding]:
    """The evidence has exactly the stances of the label."""
    allowed = STANCES[item.label]
    for number, one in enumerate(item.evidence):
        if one.stance not in allowed:
            expected = f"expected {' or '.join(sorted(allowed)) or 'no evidence'} for {item.label}"
            yield f"/evidence/{number}/stance", f"{expected}, got {one.stance}"
    for stance in sorted(allowed - {one.stance for one in item.evidence}):
        yield "/evidence", f"expected a set that {stance} for {item.label}, got none"


def edit_has_partner(item: Verification, gold: Gold) -> Iterator[Finding]:
    """An edit is named exactly where there is a contrast partner."""
    if (item.edit is None) != (item.contrast_of is None):
        expected = "null without a contrast partner" if item.edit else "the edit that made it"
        yield "/edit", f"expected {expected}, got {item.edit or 'null'}"


def contrast_exists(item: Verification, gold: Gold) -> Iterator[Finding]:
    """The contrast partner exists, in the same language and split."""
    if item.contrast_of is None:
        return
    partner = gold.verification_by_id.get(item.contrast_of)
    if partner is None:
        if gold.lacks(item.contrast_of, gold.verification_by_id):
            yield "/contrast_of", f"there is no item {show(item.contrast_of)}"
    elif partner.language != item.language:
        yield "/contrast_of", f"expected an item in {item.language}, got {partner.id}"
    elif partner.split != item.split:
        yield "/contrast_of", f"expected an item of {item.split}, got {partner.id} of {partner.split}"


def contrast_is_the_familys(item: Verification, gold: Gold) -> Iterator[Finding]:
    """All items of a family have their contrast partners in one family."""
    first = gold.families[item.family][0]
    if isinstance(first, Verification):
        here, there = _family(item), _family(first)
        if here != there:
            yield "/contrast_of", f"expected {there or 'null'} as in {first.id}, got {here or 'null'}"


def _family(item: Verification) -> str:
    return (item.contrast_of or "").rpartition("-")[0]


def contrast_has_no_cycle(item: Verification, gold: Gold) -> Iterator[Finding]:
    """Following contrast partners never leads back."""
    passed: list[str] = []
    partner = item.contrast_of
    while partner is not None and partner not in passed:
        passed.append(partner)
        if partner == item.id:
            yield "/contrast_of", f"leads back to this item: {' → '.join((item.id, *passed))}"
            return
        known = gold.verification_by_id.get(partner)
        partner = known.contrast_of if known else None


OWN: tuple[Rule, ...] = (
    *items.OWN,
    evidence_fits_label,
    edit_has_partner,
    contrast_exists,
    contrast_is_the_familys,
    contrast_has_no_cycle,
)
LINKS: tuple[Rule, ...] = items.LINKS
