"""The optional part of setting up: try the `quarto-cli` package once, and do without it.

Run as ``python -m atips_analysis.setting_up``. The package fetches Quarto itself while it
installs, which closed networks do not allow; reports are then made by the embedded renderer.
"""

from __future__ import annotations

import shutil
import subprocess
import sys

PACKAGE = "quarto-cli>=1.6"
SECONDS = 120


def main() -> None:
    """Install Quarto if it can be had within the time limit; say in one line how it went."""
    if shutil.which("quarto"):
        print("Quarto: found; reports are rendered with it")
        return
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        done = subprocess.run(
            [*command, PACKAGE], timeout=SECONDS, capture_output=True, check=False
        )
        worked = done.returncode == 0
    except (subprocess.TimeoutExpired, OSError):
        worked = False
    if worked:
        print("Quarto: installed; reports are rendered with it")
    else:
        print("Quarto: not to be had here; reports are rendered by the embedded renderer")


if __name__ == "__main__":
    main()
