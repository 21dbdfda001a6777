"""A build hook of hatchling: the wheel takes in what `atips init` makes a project from.

A hook, not `force-include`, which would put a copy into development installs too and take in
whatever lies in a folder.
"""

import subprocess
import sys
import tempfile
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
        from atips_analysis.project import COMMIT, IN_THE_WHEEL, LOCK, checkout_files, commit_of

        names = checkout_files(root)
        refuse_outputs(root, [str(name) for name in names if name.suffix == ".ipynb"])
        for name in names:
            inside = f"atips_analysis/{IN_THE_WHEEL}/{name.as_posix()}"
            build_data["force_include"][str(root / name)] = inside
        self.written = tempfile.TemporaryDirectory()
        commit = Path(self.written.name) / COMMIT
        commit.write_text(f"{commit_of(root)}\n", encoding="utf-8", newline="\n")
        build_data["force_include"][str(commit)] = f"atips_analysis/{COMMIT}"
        build_data["force_include"][str(root / LOCK)] = f"atips_analysis/{LOCK}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Called when the wheel is written."""
        if version != "editable":
            self.written.cleanup()


def refuse_outputs(root: Path, notebooks: list[str]) -> None:
    """A notebook that was run by hand may hold records: it goes into no wheel."""
    script = root / "src" / "atips_analysis" / "notebooks" / "committed.py"
    done = subprocess.run(
        [sys.executable, str(script), *notebooks], cwd=root, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(f"no wheel is built: {(done.stdout or done.stderr).strip()}")
