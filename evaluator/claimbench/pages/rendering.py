"""One self-contained page: templates, styles and scripts inlined, and a policy that allows nothing else.

The content security policy forbids every request and any script or style but those of the page, named by
their SHA-256. Scripts never parse HTML: the policy also demands trusted types and defines none.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec

from claimbench.pages.plots import percent
from claimbench.pages.shown import Cut, Odd, plain, shown

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_HOME = resources.files("claimbench.pages")


def page(template: str, scripts: tuple[str, ...], context: Mapping[str, Any], data: object) -> bytes:
    """Return a page as UTF-8 HTML; the same content gives the same bytes.

    ``template`` is a file in templates/, ``scripts`` are files in assets/ that run in order as one script,
    ``data`` is what they read from the element "data".
    """
    from markupsafe import Markup

    style = asset("style.css")
    script = "\n".join(asset(name) for name in scripts)
    html = (
        _environment()
        .get_template(template)
        .render(
            context,
            policy=_policy(style, script),
            style=Markup(style),  # ours, not input
            script=Markup(script),  # ours, not input
            data=Markup(embedded(data)),
        )
    )
    return html.encode("utf-8", "backslashreplace")


@cache
def asset(name: str) -> str:
    """Return a file of assets/, which must not be able to end the element it is put in."""
    text = (_HOME / "assets" / name).read_text(encoding="utf-8")
    if "</" in text:
        raise ValueError(f"{name} holds '</', which would end its element")
    return f"\n{text}"


def embedded(data: object) -> str:
    """Return JSON that no HTML or JavaScript parser can mistake for anything else."""
    text = msgspec.json.encode(data).decode()
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _policy(style: str, script: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("claimbench.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "breakable": _breakable,
        "count": _count,
        "number": _number,
        "percent": percent,
        "untrusted": _untrusted,
    }
    return environment


def _untrusted(text: str, most: int = 200) -> Markup:
    """Return untrusted text, escaped, with marks for what is hidden and a note for what is cut."""
    from markupsafe import Markup

    found = shown(text, most)
    pieces = (found,) if isinstance(found, str) else found
    parts = [_piece(piece) for piece in pieces]
    return Markup('<bdi title="{}">{}</bdi>').format(plain(found), Markup("").join(parts))


def _piece(piece: str | Odd | Cut) -> Markup:
    from markupsafe import Markup, escape

    if isinstance(piece, Odd):
        return Markup('<span class="odd">{}</span>').format(piece.odd)
    if isinstance(piece, Cut):
        return Markup('<span class="cut">… {:,} more characters</span>').format(piece.cut)
    return escape(piece)


def _breakable(name: str) -> Markup:
    """Return a name that may break after an underscore."""
    from markupsafe import Markup

    return Markup("_<wbr>").join(name.split("_"))


def _number(value: float | None, digits: int = 3) -> str:
    """Return a score for reading; "undefined" for 0/0."""
    return "undefined" if value is None else f"{value:.{digits}f}"


def _count(value: int) -> str:
    return f"{value:,}"
