"""What an audit objects to."""

from __future__ import annotations

import msgspec


class Finding(msgspec.Struct, frozen=True):
    """One objection: the check that raised it, what is wrong, and the ids of the items it is about."""

    check: str
    message: str
    items: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.check}: {self.message}" + (f" ({', '.join(self.items)})" if self.items else "")
