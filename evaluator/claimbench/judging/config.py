"""Which judge to ask, and how: a TOML file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

import msgspec

from claimbench.errors import InputError, nearest
from claimbench.judging.prompts import INSTRUCTIONS
from claimbench.reading.jsonl import read_bytes

OURS = ("model", "messages", "stream", "n")
"""What a request holds besides the parameters of a judge."""

Name = Annotated[str, msgspec.Meta(min_length=1)]


class JudgeConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A judge: an OpenAI-compatible endpoint, a model, its parameters, and where its replies are kept.

    ``api_key_variable`` names the environment variable that holds the key; "" sends none. ``timeout`` is in
    seconds, ``retries`` are those of one request, ``concurrency`` counts requests under way, ``pairs`` the
    gold pairs that the judge is checked on.
    """

    endpoint: Name
    model: Name
    cache: Name
    api_key_variable: str = ""
    parameters: dict[str, Any] = {}
    timeout: Annotated[float, msgspec.Meta(gt=0)] = 60.0
    retries: Annotated[int, msgspec.Meta(ge=0, le=20)] = 5
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=32)] = 4
    pairs: Annotated[int, msgspec.Meta(ge=0)] = 200

    @property
    def sent(self) -> dict[str, Any]:
        """The parameters as they are sent: temperature 0 unless given."""
        return {"temperature": 0, **self.parameters}

    @property
    def who(self) -> dict[str, Any]:
        """Whatever decides what is replied to a chat."""
        return {"endpoint": self.endpoint, "model": self.model, "parameters": self.sent}

    @property
    def digest(self) -> str:
        """SHA-256 of who is asked and of all instructions."""
        return digest({**self.who, "instructions": INSTRUCTIONS})


def digest(value: Any) -> str:
    """Return the SHA-256 of a JSON value, whatever the order of its keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def read_config(path: str | Path) -> JudgeConfig:
    """Return the judge in a TOML file; its cache is beside the file unless the path is absolute.

    Raises InputError for a file that is none, or that lacks or misspells a setting.
    """
    import tomllib

    name = str(path)
    try:
        given = tomllib.loads(read_bytes(name).decode("utf-8"))
    except ValueError as error:
        raise InputError(f"{name}: not TOML: {error}") from None
    known = JudgeConfig.__struct_fields__
    for key in given:
        if key not in known:
            raise InputError(
                f"{name} /{key}: no such setting{nearest(key, known)}; one of {', '.join(known)}"
            )
    try:
        config = msgspec.convert(given, JudgeConfig, strict=True)
    except msgspec.ValidationError as error:
        raise InputError(f"{name}: {error}") from None
    if not config.endpoint.startswith(("http://", "https://")):
        raise InputError(f"{name} /endpoint: expected an address that begins with http:// or https://")
    for key, value in config.parameters.items():
        if key in OURS or not _is_json(value):
            raise InputError(f"{name} /parameters/{key}: is no parameter of a chat")
    return msgspec.structs.replace(config, cache=str(Path(name).parent / config.cache))
