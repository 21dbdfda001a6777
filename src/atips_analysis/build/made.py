"""Files that steps make, as pytask knows them: by content.

pytask's own node remembers a file's hash for as long as the file's time stays the same.
"""

from __future__ import annotations

from pathlib import Path

from pytask import PathNode

from atips_analysis.build.by_content import digest_of


class Made(PathNode):
    """A file that a step makes; from these nodes pytask finds the order of steps."""

    def state(self) -> str | None:
        """Hash of the content; None where there is no file."""
        return digest_of(Path(str(self.path))) or None
