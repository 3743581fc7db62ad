"""Finding the data that METEOR needs: Punkt's parameters for English, and WordNet."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from claimbench.errors import InputError

if TYPE_CHECKING:
    from zipfile import Path as ZipPath

    Folder = Path | ZipPath


class MissingDataError(InputError):
    """Data that METEOR needs are not on this machine; the message says how to get them."""


def nltk_folders() -> list[Path]:
    """Return the folders in which NLTK looks for its data, first to last."""
    given = [Path(part) for part in os.environ.get("NLTK_DATA", "").split(os.pathsep) if part]
    prefix = [Path(sys.prefix) / part / "nltk_data" for part in ("", "share", "lib")]
    system = [
        Path(part) / "nltk_data" for part in ("/usr/share", "/usr/local/share", "/usr/lib", "/usr/local/lib")
    ]
    return [*given, Path.home() / "nltk_data", *prefix, *system]


def punkt_folder() -> Folder:
    """Return the folder with Punkt's parameters for English. Raises MissingDataError where there is none."""
    found = _packaged("tokenizers", "punkt_tab")
    if found is None:
        raise MissingDataError(
            "NLTK's punkt_tab is not in its data path; get it with: python -m nltk.downloader punkt_tab"
        )
    return found / "english"


def wordnet_folder() -> Folder:
    """Return the folder with WordNet's database files. Raises MissingDataError where there is none."""
    found = _packaged("corpora", "wordnet")
    if found is not None:
        return found
    debian = Path("/usr/share/wordnet")
    if (debian / "data.noun").is_file():
        return debian
    raise MissingDataError(
        "WordNet 3.0 is neither in NLTK's data path nor in /usr/share/wordnet; get it with: "
        "python -m nltk.downloader wordnet, or apt-get install wordnet-base"
    )


def _packaged(kind: str, name: str) -> Folder | None:
    """Return a package of NLTK's data, unpacked or as the zip file it comes in."""
    for root in nltk_folders():
        folder, archive = root / kind / name, root / kind / f"{name}.zip"
        if folder.is_dir():
            return folder
        if archive.is_file():
            return _opened(archive, f"{name}/")
    return None


def _opened(archive: Path, folder: str) -> ZipPath:
    import zipfile

    try:
        return zipfile.Path(archive, folder)
    except (zipfile.BadZipFile, OSError) as error:
        raise InputError(f"{archive}: cannot be read: {error}") from None
