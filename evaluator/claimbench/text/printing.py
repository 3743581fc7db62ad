"""Text from outside, made safe to print."""

from __future__ import annotations

import unicodedata


def encodable(text: str) -> str:
    """Return a text with lone surrogates, as names that are not UTF-8 have, written as escapes."""
    return text.encode("utf-8", "backslashreplace").decode()


def printable(text: str) -> str:
    """Return the text with control and direction-changing characters shown as escapes."""
    return "".join(_shown(c) for c in text)


def one_line(text: str) -> str:
    """Return the text as ``printable`` does, on one line."""
    return printable(" ".join(text.split()))


def _shown(char: str) -> str:
    if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return char
    return f"\\u{ord(char):04x}"
