"""Pandoc from its wheel: Markdown parsed once to a tree, the tree written as often as needed."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from atips_analysis.errors import InputError, MachineError
from atips_analysis.locks import temporary_folder
from atips_analysis.project import pandoc_program

# Long lines in pipe tables would otherwise change column widths.
WIDE = "--columns=10000"
# Quarto's reader leaves a table's `{#tbl-…}` in its caption, for the filter to take.
AS_QUARTO = "markdown-table_attributes"
FOR_THE_AUTHOR = re.compile(r"ATIPS:(.*?):END", re.DOTALL)
PASSED_ON = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")
"""What of the environment Pandoc needs to run; the rest are a user's settings."""

LONGEST = 120
"""Seconds that Pandoc may take; a page takes one."""


def pandoc_version() -> str:
    """Pandoc's version, as "3.9"."""
    return _run(["--version"], "").split()[1]


def parse(text: str, name: str, reader: str = "markdown") -> dict[str, Any]:
    """Pandoc's tree of a Markdown text; `name` is what errors call it.

    `reader` is `AS_QUARTO` for what our filter is given.

    Raises InputError if Pandoc cannot read it, or it is nested too deeply for a tree.
    """
    try:
        tree: dict[str, Any] = json.loads(_parsed(text, name, reader))
    except RecursionError:
        raise InputError(
            "lists or quotations in it are nested too deeply; write them on fewer levels", file=name
        ) from None
    return tree


@lru_cache(maxsize=2)  # where Quarto fails, the embedded renderer and the gate read a text again
def _parsed(text: str, name: str, reader: str) -> str:
    return _run([f"--from={reader}", "--to=json", WIDE, "--fail-if-warnings"], text, name=name)


def write(
    tree: dict[str, Any],
    to: str,
    *,
    options: Sequence[str] = (),
    name: str = "",
    modules: Path | None = None,
) -> str:
    """The tree as text in the format `to`.

    `modules` is where the filter's modules lie, as Quarto looks beside the filter.

    Raises InputError with the filter's words, if the tree cannot be shown.
    """
    arguments = ["--from=json", f"--to={to}", WIDE, "--fail-if-warnings", *options]
    return _run(arguments, json.dumps(tree), name=name, modules=modules)


def _run(
    arguments: Sequence[str], text: str, *, name: str = "", modules: Path | None = None
) -> str:
    """Pandoc in its sandbox, in an empty folder: it reads what it is given and nothing else.

    No file that a page names, no `init.lua` and no template of the user's.
    """
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    if modules is not None:
        environment["LUA_PATH"] = f"{modules.as_posix()}/?.lua"
    try:
        with temporary_folder("pandoc") as nothing:
            done = subprocess.run(
                [pandoc_program(), "--sandbox", f"--data-dir={nothing}", *arguments],
                input=text.encode(),
                capture_output=True,
                cwd=nothing,
                env=environment,
                timeout=LONGEST,
                check=False,
            )
    except subprocess.TimeoutExpired:
        raise InputError(
            "takes Pandoc too long to read; look for brackets or marks that are opened many times and "
            "not closed",
            file=name or None,
        ) from None
    except OSError as error:
        raise MachineError(f"Pandoc did not run ({error}); try again") from None
    if done.returncode == 0:
        return done.stdout.decode()
    said = done.stderr.decode(errors="replace")
    found = FOR_THE_AUTHOR.search(said)
    if found:
        raise InputError(found[1].strip(), file=name or None)
    raise InputError(f"Pandoc cannot read this: {said.strip()[:300]}", file=name or None)
