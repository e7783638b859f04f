"""The folder that holds everything a deployment writes: official texts, database, secret key, static files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

DEFAULT_FOLDER: Final = Path("~/.local/share/tidu")
_OWNER_ALONE: Final = 0o700


def data_folder_path() -> Path:
    """Where the data folder is or would be: ``TIDU_DATA``, or ``~/.local/share/tidu``."""
    return Path(os.environ.get("TIDU_DATA") or DEFAULT_FOLDER).expanduser().resolve()


def data_folder() -> Path:
    """The data folder, made on first use and readable by its owner alone, whoever made it first."""
    folder = data_folder_path()
    folder.mkdir(mode=_OWNER_ALONE, parents=True, exist_ok=True)
    if folder.stat().st_uid == os.geteuid():
        folder.chmod(_OWNER_ALONE)
    return folder


def incoming_folder(data: Path) -> Path:
    """Where uploads lie while they come in, made on first use."""
    folder = data / "incoming"
    folder.mkdir(mode=_OWNER_ALONE, exist_ok=True)
    return folder
