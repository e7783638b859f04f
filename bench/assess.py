"""One enterprise: ``assess`` beside zen-engine. See ``bench/peers/single.py``, which does the work."""

import subprocess
import sys
from pathlib import Path

if __name__ == "__main__":
    command = [sys.executable, "-m", "bench.peers.single"]
    root = Path(__file__).resolve().parents[1]
    sys.exit(subprocess.run(command, cwd=root, check=False).returncode)  # noqa: S603 - our own module
