"""Remember what set-up has done, so that a second run has nothing to do.

A stamp lives inside ``.venv`` and holds a digest of everything its step rests on. It vanishes with the environment.
"""

import hashlib
from pathlib import Path


def digest(*inputs: Path | str) -> str:
    """SHA-256 over the contents of files and over plain words, in this order."""
    total = hashlib.sha256()
    for item in inputs:
        content = item.read_bytes() if isinstance(item, Path) else item.encode()
        total.update(len(content).to_bytes(8, "big"))
        total.update(content)
    return total.hexdigest()


class Stamps:
    """The stamps kept in one folder, by name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def fresh(self, name: str, value: str) -> bool:
        """Whether the step ``name`` was finished with inputs of this digest."""
        file = self._folder / name
        return file.is_file() and file.read_text(encoding="ascii") == value

    def put(self, name: str, value: str) -> None:
        """Record that the step ``name`` is finished for inputs of this digest."""
        self._folder.mkdir(parents=True, exist_ok=True)
        (self._folder / name).write_text(value, encoding="ascii")
