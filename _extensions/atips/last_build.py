"""Quarto's `ipynb-filters` call this: a source notebook in, that of the last build out.

It stands on its own, since Quarto runs it with whichever Python it finds; the work is done by the
project's.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

root = Path(__file__).resolve().parents[2]
own = [root / ".venv" / "bin" / "python", root / ".venv" / "Scripts" / "python.exe"]
python = next((str(path) for path in own if path.exists()), sys.executable)
if python == sys.executable and find_spec("atips_analysis") is None:
    sys.exit("atips: the package is not installed; run make report, which sets it up")
sys.exit(
    subprocess.run([python, "-m", "atips_analysis.build.handing_over"], check=False).returncode
)
