"""A document set in a process of its own, for templates that are not ours. Run as a program, and free of the rest.

A template is a program: it may loop, ask for more memory than there is, or name packages that typst fetches from its
own site. Here that ends this process, by limits of the operating system, and nothing else. It finds no files but those
that it is given, and no way out: what asks for a package is sent to a door that nobody opens. ::

    python -m tidu.core.typesetting_alone < request.json    → the PDF on standard output

Ends with 3 and what is wrong, as JSON on standard error, for a template with a fault.
"""

from __future__ import annotations

import base64
import json
import resource
import sys
from pathlib import Path
from typing import Final

from tidu.core.typesetting import NotSet, Standard, compiled

MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 20
FAULTY: Final = 3
#: The proxy that everything is sent to. No program listens on the port of those who throw away what they get.
NOWHERE: Final = "http://127.0.0.1:9"
PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


def environment(folder: str) -> dict[str, str]:
    """What the process is given: a folder that is nobody's, and no way to anywhere."""
    return {"HOME": folder, "PYTHONPATH": str(Path(__file__).parents[2]), **dict.fromkeys(PROXIES, NOWHERE)}


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes to a pipe and nowhere else
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> int:
    """Set what standard input says, and end."""
    _limit()
    asked = json.load(sys.stdin)
    standard: Standard = asked["standard"]
    try:
        made = compiled(
            {name: base64.b64decode(content) for name, content in asked["files"].items()},
            asked["words"],
            folders=tuple(Path(folder) for folder in asked["fonts"]),
            made_at=asked["made_at"],
            standard=standard,
            root=Path.cwd(),
        )
    except NotSet as error:
        sys.stderr.write(json.dumps([error.message, error.diagnostic]))
        return FAULTY
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
