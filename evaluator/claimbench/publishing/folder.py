"""Building a corpus folder: Parquet, dataset card, Croissant and manifest from the canonical files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from claimbench.errors import InputError
from claimbench.publishing.agreement import agreement, table
from claimbench.publishing.card import card_text
from claimbench.publishing.configs import configs
from claimbench.publishing.croissant import croissant_bytes
from claimbench.publishing.manifest import manifest_bytes, parquet_path
from claimbench.publishing.parquet import parquet_bytes
from claimbench.publishing.release import VERSION
from claimbench.reading.corpus import load_corpus
from claimbench.reading.paths import corpus_path

CARD = "README.md"
CROISSANT = "croissant.json"
MANIFEST = "manifest.json"


def build(folder: Path | None = None, check: bool = False) -> list[str]:
    """Bring the generated files of a corpus folder up to date and return those that were not.

    Paths are relative to the folder, the shipped corpus by default. With ``check`` nothing is written.
    Each file is written whole or not at all, and none before all are made. Raises InputError for a folder
    that is no corpus or has no dataset card, ProblemsError for wrong records and MissingExtraError
    without pyarrow.
    """
    root = corpus_path() if folder is None else folder
    files = _generate(root)
    stale = {path: data for path, data in files.items() if not _is(root / path, data)}
    surplus = sorted(path for path in _present(root) if _is_ours(path) and path not in files)
    if not check:
        _write(root, stale)
        for path in surplus:
            (root / path).unlink()
    return sorted([*stale, *surplus])


def _generate(root: Path) -> dict[str, bytes]:
    corpus = load_corpus(root)
    try:
        published = configs(corpus)
    except (KeyError, ValueError) as error:
        raise InputError(
            f"{root}: a record refers to what does not exist ({error}); 'claimbench validate' lists all"
        ) from error
    files: dict[str, bytes] = {}
    for config in published:
        for split, rows in config.splits.items():
            path = parquet_path(config.name, split)
            files[path] = parquet_bytes(root / path, config.fields, rows)
    agreed = table(agreement(corpus, root / "annotation" / "passes"))
    card = card_text(_read_card(root / CARD), published, agreed)
    files[CARD] = card.encode()
    files[CROISSANT] = croissant_bytes(card, published, files)
    others = {path for path in _present(root) if path != MANIFEST and not _is_ours(path)}
    content = {path: (root / path).read_bytes() for path in others} | files
    files[MANIFEST] = manifest_bytes(corpus.digest, published, content)
    return files


def _read_card(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise InputError(f"{path}: no dataset card to complete") from None
    except UnicodeDecodeError:
        raise InputError(f"{path}: is not UTF-8") from None


def _present(root: Path) -> list[str]:
    """Return the files of a folder by their relative paths, without hidden ones."""
    paths = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return [path.as_posix() for path in paths if not any(part.startswith(".") for part in path.parts)]


def _is_ours(path: str) -> bool:
    return path.startswith(f"v{VERSION}/")


def _is(path: Path, data: bytes) -> bool:
    return path.is_file() and path.read_bytes() == data


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    """Write every file beside its place, then move all into place, the manifest last."""
    parts = {path: (root / path).with_name(f".{Path(path).name}.part") for path in files}
    try:
        for path, part in parts.items():
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(files[path])
        for path, part in parts.items():
            part.replace(root / path)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
