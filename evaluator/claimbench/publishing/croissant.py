"""``croissant.json``: Croissant 1.0 metadata, from which mlcroissant checks and loads the Parquet files.

Prose is quoted from the dataset card, so that the two cannot differ.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from claimbench.errors import InputError
from claimbench.publishing.configs import Config
from claimbench.publishing.recordsets import Json, distribution, record_set
from claimbench.publishing.release import VERSION
from claimbench.records import LANGUAGES

_TERMS = (
    "citeAs column conformsTo equivalentProperty extract field fileObject fileProperty fileSet format "
    "includes isLiveDataset jsonPath key md5 parentField path recordSet references regex repeated replace "
    "samplingRate separator source subField transform"
)
CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    **{term: f"cr:{term}" for term in _TERMS.split()},
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
}
"""The context that the specification recommends; mlcroissant warns of any other."""

TITLE = "claimbench: a benchmark of verifiable claims in German and Dutch news"

QUOTED = {
    "rai:dataCollection": ("Collection",),
    "rai:dataAnnotationProtocol": ("Annotation",),
    "rai:dataReleaseMaintenancePlan": ("Maintenance",),
}
QUOTED_AS_LISTS = {
    "rai:dataAnnotationAnalysis": ("Agreement",),
    "rai:dataUseCases": ("Intended uses",),
    "rai:dataLimitations": ("Limits", "Out of scope"),
    "rai:dataBiases": ("Biases",),
    "rai:personalSensitiveInformation": ("Personal information",),
}
"""The responsible-AI properties and the sections of the card that they quote."""


def croissant_bytes(card: str, configs: list[Config], files: Mapping[str, bytes]) -> bytes:
    """Return ``croissant.json`` for a dataset card and the Parquet files of the configs, given by path.

    Raises InputError for a card that lacks a section which is quoted.
    """
    held = [config for config in configs if config.splits]
    metadata = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"],
        "name": "claimbench",
        "description": " ".join(_section(card, "claimbench")),
        "version": VERSION,
        "isLiveDataset": False,
        # The specification wants an address and a date of publication. The corpus has neither; a name does
        # not pretend to be an address.
        "url": f"urn:claimbench:corpus:{VERSION}",
        "creator": {"@type": "sc:Organization", "name": "claimbench"},
        "citeAs": f"@misc{{claimbench, title = {{{TITLE}}}, note = {{Corpus, version {VERSION}}}}}",
        "license": {
            "@type": "sc:CreativeWork",
            "name": "CC BY 4.0, for the annotations only",
            "url": "https://creativecommons.org/licenses/by/4.0/",
            "description": " ".join(_section(card, "Rights")),
        },
        "inLanguage": list(LANGUAGES),
        "keywords": ["fact-checking", "claim verification", "claim extraction", "question answering"],
        **{name: " ".join(_sections(card, headings)) for name, headings in QUOTED.items()},
        **{name: _sections(card, headings) for name, headings in QUOTED_AS_LISTS.items()},
        "distribution": [node for config in held for node in distribution(config, files)],
        "recordSet": [record_set(config, _purpose(card, config.name)) for config in held],
    }
    return (json.dumps(metadata, ensure_ascii=False, indent=2) + "\n").encode()


def _section(card: str, heading: str) -> list[str]:
    """Return the paragraphs and list items of a section, without tables."""
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", card, re.DOTALL | re.MULTILINE)
    if not found:
        raise InputError(f"README.md: expected a section '{heading}', which croissant.json quotes")
    prose = "\n".join(line for line in found[1].splitlines() if not line.startswith(("<!--", "|")))
    parts = re.split(r"\n\s*\n|\n(?=- )", prose)
    return [" ".join(part.split()).removeprefix("- ") for part in parts if part.strip()]


def _sections(card: str, headings: tuple[str, ...]) -> list[str]:
    return [part for heading in headings for part in _section(card, heading)]


def _purpose(card: str, config: str) -> str:
    """Return what the card says of a config in its list of them."""
    items = [item for item in _section(card, "Configs") if item.startswith(f"`{config}`")]
    return items[0] if items else f"`{config}`"
