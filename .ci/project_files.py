"""A build hook of hatchling: the wheel takes in what `atips init` makes a project from.

A hook, not `force-include`, which would put a copy into development installs too and take in
whatever lies in a folder.
"""

import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ProjectFiles(BuildHookInterface):
    """Adds the files, from their one place in the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before a wheel is built; a development install reads the checkout itself."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from atips_analysis.project import IN_THE_WHEEL, checkout_files

        names = checkout_files(root)
        refuse_outputs(root, [str(name) for name in names if name.suffix == ".ipynb"])
        for name in names:
            inside = f"atips_analysis/{IN_THE_WHEEL}/{name.as_posix()}"
            build_data["force_include"][str(root / name)] = inside


def refuse_outputs(root: Path, notebooks: list[str]) -> None:
    """A notebook that was run by hand may hold records: it goes into no wheel."""
    script = root / "src" / "atips_analysis" / "notebooks" / "committed.py"
    done = subprocess.run(
        [sys.executable, str(script), *notebooks], cwd=root, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"no wheel is built: {(done.stdout or done.stderr).strip()}")
