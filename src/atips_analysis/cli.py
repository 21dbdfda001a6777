"""`atips`: the command line. Errors leave as one line and the design's exit code."""

from __future__ import annotations

import errno
import importlib
import os
import pkgutil
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from atips_analysis import __version__, commands
from atips_analysis.build.one_writer import refuse_locked
from atips_analysis.build.standard_streams import refuse_unsaid, speak_whoever_listens
from atips_analysis.build.stopping import unwind_when_stopped
from atips_analysis.errors import AtipsError, InputError, MachineError, Stopped
from atips_analysis.files import FULL, close_to_others, owner_only, why_no_file
from atips_analysis.project import find_project

# typer carries its own copy of click; the base of its usage errors is found through what it exports.
UsageFault: type[Exception] = next(
    base for base in typer.BadParameter.__mro__ if base.__name__ == "ClickException"
)

app = typer.Typer(
    name="atips",
    help="From what agencies record about human trafficking to a data bank, a baseline and reports.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


WHILE_LOCKED = frozenset(
    {
        *("audit", "backup", "doctor", "estimate", "example", "init", "lock", "new-analysis"),
        *("pseudonymise", "restore", "template", "unlock", "verify"),
    }
)
"""Commands that work while the confidential side is encrypted: they need and write none of it."""


@app.callback(invoke_without_command=True)
def _global(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Show the version and leave."),
) -> None:
    if version:
        typer.echo(f"atips {__version__}")
        raise typer.Exit()
    try:
        project = find_project()
    except InputError:  # outside of a project there is nothing to close
        return
    for folder in project.confidential:
        close_to_others(folder)
    if "--help" in (context.obj or ()):
        return
    project.refuse_no_files()
    if context.invoked_subcommand not in WHILE_LOCKED:
        refuse_locked(project)


for _found in pkgutil.iter_modules(commands.__path__):
    _module = importlib.import_module(f"{commands.__name__}.{_found.name}")
    if group := getattr(_module, "GROUP", None):
        app.add_typer(group)
        continue
    for _name in getattr(_module, "COMMANDS", (_found.name,)):
        app.command(_name.replace("_", "-"))(getattr(_module, _name))


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    speak_whoever_listens()
    unwind_when_stopped()
    if (
        sys.warnoptions
    ):  # PYTHONWARNINGS=error makes an error of what a library is to change one day
        warnings.resetwarnings()
        for kind in (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning):
            warnings.simplefilter("ignore", kind)
    sys.exit(run(arguments))


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code instead of leaving (for tests)."""
    try:
        _refuse_no_docstrings()
        _refuse_unusable(sys.argv[1:] if arguments is None else arguments)
        with owner_only(), _without(NOT_OURS):
            return _done(arguments)
    except AtipsError as error:
        print(f"atips: {error}", file=sys.stderr)
        return error.exit_code
    except UsageFault as error:
        text = _usage(error, sys.argv[1:] if arguments is None else arguments)
        print(f"atips: {text}; atips COMMAND --help explains", file=sys.stderr)
        return 2
    except (typer.Abort, KeyboardInterrupt, Stopped):
        print("atips: stopped", file=sys.stderr)
        return 130
    except OSError as error:
        if os.environ.get("ATIPS_DEBUG"):
            raise
        print(f"atips: {_of_a_file(error)}", file=sys.stderr)
        return 3
    except Exception as error:
        if os.environ.get("ATIPS_DEBUG"):
            raise
        text = " ".join(str(error).split())
        print(
            f"atips: an unexpected fault ({type(error).__name__}: {text}); nothing was published; "
            "run again with ATIPS_DEBUG=1 and send what it prints to the maintainers",
            file=sys.stderr,
        )
        return 2


def _refuse_no_docstrings() -> None:
    """Great Expectations needs them, and what a measure counts is told from its own."""
    if sys.flags.optimize > 1:
        raise MachineError(
            "Python was told to leave out docstrings (PYTHONOPTIMIZE=2, -OO), which are read here; "
            "take the setting away"
        )


def _of_a_file(error: OSError) -> str:
    """What to do about a file that could not be read or written."""
    if error.errno in FULL:  # which file, nobody may say: of a copy the system names the source
        return "the disk is full; make room, and run this again"
    what = error.strerror or type(error).__name__
    return (
        f"{error.filename or 'a file'} cannot be read or written ({what}); choose another place with "
        "--out, or free it"
    )


def _done(arguments: list[str] | None) -> int:
    """The exit code of a command that came to its end, if what it said was written."""
    try:
        result = app(args=arguments, standalone_mode=False, obj=arguments or sys.argv)
    except typer.Exit as leaving:
        result = leaving.exit_code
    refuse_unsaid()
    return result if isinstance(result, int) else 0


NOT_OURS = re.compile("SOURCE_DATE_EPOCH|PYTHONWARNINGS|QUARTO_PROFILE|(GX|NPY|PANDAS|TYPST)_.*")
"""A user's settings that libraries read, some of them while they are imported: no date is theirs,
no warning of theirs an error of ours, no type of pandas' columns theirs, no profile of Quarto's, nor
a file's bytes."""


@contextmanager
def _without(names: re.Pattern[str]) -> Iterator[None]:
    """Within this block the environment lacks some variables."""
    before = {name: os.environ.pop(name) for name in list(os.environ) if names.fullmatch(name)}
    try:
        yield
    finally:
        os.environ.update(before)


LONGEST = 1000
"""Characters of what is typed: no name of a file or a folder is longer."""


def _refuse_unusable(arguments: list[str]) -> None:
    """Nothing after an option's sign, as an empty variable of a shell leaves it; a pipe, a device.

    Who opens a pipe waits until somebody writes into it, and a device may never end.
    """
    for before, given in zip(["", *arguments], arguments, strict=False):
        if given == "" or (given.startswith("--") and given.endswith("=")):
            name = given[:-1] or (before if before.startswith("-") else "an argument")
            raise InputError(f"{name} is empty; write what it is to be, or leave it out")
        if len(given) > LONGEST or not _is_text(given):
            why = "is too long" if len(given) > LONGEST else "holds bytes that are no text (UTF-8)"
            raise InputError(f"{given[:60]} {why}; type it again, or give the file another name")
        path = Path(given.partition("=")[2] if given.startswith("--") else given)
        if _turns_in_a_circle(path):
            raise InputError("is a link that leads back to itself; delete it", file=path)
        # a text that is too long for a name is none, where Path.exists fails
        if os.path.exists(path) and (why := why_no_file(path, ())):  # noqa: PTH110
            raise InputError(why, file=path)


def _turns_in_a_circle(path: Path) -> bool:
    """Whether links on the way there lead back to themselves, which `Path.resolve` gives up on."""
    try:
        path.stat()
    except (OSError, ValueError) as error:
        return getattr(error, "errno", None) == errno.ELOOP
    return False


def _is_text(given: str) -> bool:
    """Whether it can be written: bytes of another encoding come as halves of characters."""
    try:
        given.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


NOT_A = {
    "valid integer": "is not a whole number; write digits alone, such as 2024",
    "valid number": "is not a number; write it with a point, such as 0.95",
}
"""What the parser of options calls a number, in words for whoever typed it."""


def _usage(error: Exception, arguments: list[str]) -> str:
    """What was typed wrongly, in one line: the option, what was given, what it takes."""
    text = " ".join(error.format_message().split()).rstrip(".")  # type: ignore[attr-defined]
    names = set(getattr(getattr(error, "param", None), "opts", ()))
    words = next((said for what, said in NOT_A.items() if what in text), "")
    if beyond := re.search(r"(greater|less) than or equal to (\S+)", text):
        words = f"is {'below' if beyond[1] == 'greater' else 'above'} {beyond[2]}"
    if not (names and words):
        return text
    for given, follower in zip(arguments, [*arguments[1:], ""], strict=True):
        name, equals, value = given.partition("=")
        if name in names:
            return f"{name} {(value if equals else follower)!r} {words}"
    return f"{max(names, key=len)} {words}"
