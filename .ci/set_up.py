"""Set up: a virtual environment with all that is locked and, last of all, Quarto if it can be had.

    python .ci/set_up.py             what is missing; nothing, where all is in place
    python .ci/set_up.py --quarto    the same, and tries Quarto again

Needs nothing but Python. `make`, the README's commands for Windows and CI all call this file. It
parses with any Python 3.6 and later, so that one that is too old is told so.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
OLDEST = tuple(map(int, re.search(r'requires-python = ">=(\d+)\.(\d+)"', PROJECT).groups()))
WINDOWS = os.name == "nt"
if sys.version_info < OLDEST:
    sys.exit(
        "set-up: this is Python {}.{}, {}.{} or later is needed: install it and name it ({})".format(
            *sys.version_info[:2],
            *OLDEST,
            r"py -3.13 .ci\set_up.py" if WINDOWS else "make PYTHON=python3.13 report",
        )
    )

import tomllib  # noqa: E402  (from Python 3.11)

LOCK = ROOT / "requirements.lock"
CLOSURE = ROOT / "requirements.closure.json"
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if WINDOWS else "bin")
READY = VENV / ".ready"
LOG = VENV / "set-up.log"
AGAIN = r"py .ci\set_up.py --quarto" if WINDOWS else "make quarto"
WITHOUT_QUARTO = "ATIPS_NO_QUARTO"
# The locked packages, without resolving; then this project.
INSTALLS = (
    ("install", "--no-deps", "--require-hashes", "-r", LOCK.name),
    ("install", "--no-deps", "--no-build-isolation", "-e", "."),
)
# Seconds for Quarto, a download of 130 MB and more: by the way, and when it is asked for.
PATIENCE = 180
PATIENCE_WHEN_ASKED = 1800
# What pip says, and what that means to a person. The first that is found is told.
REASONS = (
    (r"Error downloading Quarto", "its program could not be downloaded"),
    (
        r"No space left on device|Disk quota exceeded|WinError 112",
        "the disk is full: make room (about 2 GB) and run this again",
    ),
    (
        r"Long Path support|WinError 206|File name too long",
        r"the path of this folder is too long: move it to a shorter one, such as C:\atips",
    ),
    (
        r"Permission denied|WinError 5\b|WinError 32\b|Read-only file system",
        "this folder cannot be written to, or a program holds a file in .venv open: mend that, or "
        "move the folder to where you may write, and run this again",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "a package that was downloaded is not the one that is locked: run this again; if it comes "
        "back, the index hands out other files",
    ),
    (
        r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|ProxyError|SSLError"
        r"|timed out|Connection (?:broken|refused|aborted|reset)|IncompleteRead|incomplete-download"
        r"|CERTIFICATE_VERIFY_FAILED|urlopen error|Network is unreachable",
        "the package index cannot be reached, or the download broke off: look to the connection "
        "(HTTPS_PROXY behind a proxy, PIP_INDEX_URL for an index of your own) and run this again",
    ),
    (
        r"No matching distribution found for ([^\s(]+)",
        "{} was not found: the package index cannot be reached, or has no wheel for this Python and "
        "machine (README names those that are covered)",
    ),
)


class Failed(Exception):
    """Set-up cannot go on; the message is one line for a person."""


def main():
    """Set up; return the exit code: 0 done, 3 the machine lacks something, 130 stopped."""
    parser = argparse.ArgumentParser(description="Set up the virtual environment .venv.")
    parser.add_argument("--quarto", action="store_true", help="try Quarto again")
    asked = parser.parse_args().quarto
    try:
        new = not in_place()
        if new:
            install()
        if asked:
            return 0 if quarto(PATIENCE_WHEN_ASKED) else 3
        if new and not os.environ.get(WITHOUT_QUARTO):
            quarto(PATIENCE)
    except Failed as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 3
    except OSError as error:
        print(f"set-up: {reason(str(error))}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        print("set-up: stopped; run the same again", file=sys.stderr)
        return 130
    return 0


def in_place() -> bool:
    """Whether the environment is whole, made from what lies here, and its Python still there."""
    whole = READY.is_file() and READY.read_text(encoding="utf-8") == fingerprint()
    return whole and shutil.which("python", path=str(PROGRAMS)) is not None


def fingerprint() -> str:
    """What the environment is made from: where it differs from what stands in it, it is remade."""
    read = tomllib.loads(PROJECT)
    project = [read["build-system"], read["project"], read["tool"].get("hatch")]
    digest = hashlib.sha256(LOCK.read_bytes() + json.dumps(project).encode())
    return f"Python {sys.version_info[0]}.{sys.version_info[1]} {ROOT} {digest.hexdigest()}\n"


def install() -> None:
    """Make the environment anew, whatever is there: what an earlier try left is not built on."""
    size = download_size()
    say(f"Setting up, 1 of 4: virtual environment with Python {platform.python_version()}")
    make_environment()
    say(f"Setting up, 2 of 4: packages ({size / 1e6:.0f} MB to download, less what pip has kept)")
    pip(*INSTALLS[0])
    say("Setting up, 3 of 4: this project, and whether all fits together")
    pip(*INSTALLS[1])
    check()
    READY.write_text(fingerprint(), encoding="utf-8")


def download_size() -> int:
    """Bytes of the wheels that this Python takes on this machine; refuse one without wheels."""
    sizes = json.loads(CLOSURE.read_text(encoding="utf-8"))["download"]
    here = "{}.{} {} {}".format(*sys.version_info[:2], sys.platform, platform.machine())
    if here in sizes and platform.python_implementation() == "CPython":
        return sizes[here]
    pythons = list(dict.fromkeys(name.split()[0] for name in sizes))
    machines = list(dict.fromkeys(name.partition(" ")[2] for name in sizes))
    raise Failed(
        f"this is {platform.python_implementation()} {here}; the packages are there for CPython "
        f"{pythons[0]} to {pythons[-1]} on {', '.join(machines)}: install and name one of those "
        + (r"(py -3.13 .ci\set_up.py)" if WINDOWS else "(make PYTHON=python3.13 report)")
    )


def make_environment() -> None:
    """Make `.venv` anew."""
    # Started from within .venv, Python could not take itself away.
    python = getattr(sys, "_base_executable", sys.executable)
    command = [python, "-m", "venv", "--clear", str(VENV)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=clean())
    if done.returncode:
        said = done.stdout + done.stderr
        if "ensurepip" in said or "No module named venv" in said:
            raise Failed(
                "this Python has no venv module; on Debian and Ubuntu: sudo apt install "
                "python{}.{}-venv, then run this again".format(*sys.version_info[:2])
            )
        raise Failed(reason(said))


def pip(*arguments: str) -> None:
    """Run the environment's pip; what it says goes to the log."""
    with LOG.open("ab") as log:
        done = subprocess.run(
            pip_command(*arguments),
            cwd=ROOT,
            env=clean(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    if done.returncode:
        raise Failed(f"{reason(logged())} (all that pip said: {LOG.relative_to(ROOT)})")


def pip_command(*arguments: str) -> list[str]:
    """How pip is called in the environment."""
    options = ["--disable-pip-version-check", "--no-input", "--no-color"]
    return [str(PROGRAMS / "python"), "-m", "pip", *options, *arguments]


def check() -> None:
    """`pip check`. Quarto runs nothing here, and so is left without the Jupyter that it names."""
    done = subprocess.run(pip_command("check"), capture_output=True, text=True, env=clean())
    wrong = [line for line in done.stdout.splitlines() if not line.startswith("quarto-cli ")]
    if done.returncode and (wrong or not done.stdout):
        said = reason("\n".join(wrong) or done.stderr)
        raise Failed(f"the locked packages do not fit together ({said}): report this")


def quarto(seconds: int) -> bool:
    """Install the pinned Quarto unless there is one as new; say in one line how it went."""
    pinned = tomllib.loads(PROJECT)["project"]["optional-dependencies"]["quarto"][0]
    wanted = pinned.partition("==")[2]
    found = version(shutil.which("quarto")) or version(own_quarto())
    if found and numbers(found) >= numbers(wanted):
        say(f"Quarto {found} is here already")
        return True
    say(f"Setting up, 4 of 4: Quarto {wanted} (130 MB or more, {seconds // 60} minutes at most)")
    start = LOG.stat().st_size if LOG.is_file() else 0
    ended = installed = False
    try:
        ended = within(seconds, pip_command("install", "--no-deps", pinned))
        installed = ended and version(own_quarto()) == wanted
    finally:
        if not installed:
            remove_quarto()
    if installed:
        say(f"Quarto {wanted} is installed")
        return True
    why = reason(logged(start)).partition(":")[0] if ended else "the time was over"
    say(
        f"Quarto could not be installed ({why}): the embedded renderer is used; {AGAIN} tries again"
    )
    return False


def remove_quarto() -> None:
    """Leave nothing of a half-installed Quarto that could later be taken for one."""
    for left in VENV.glob("[Ll]ib*/**/site-packages/quarto_cli*"):
        shutil.rmtree(left, ignore_errors=True)
    program = own_quarto()
    if program:
        Path(program).unlink()


def within(seconds: int, command: list[str]) -> bool:
    """Run a command; at the end of the time end it and all that it started, and return False."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch, LOG.open("ab") as log:
        env = {**clean(), "TMPDIR": scratch, "TEMP": scratch, "TMP": scratch}
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=env,
            start_new_session=not WINDOWS,
        )
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        finally:
            if process.poll() is None:
                end(process)
    return True


def end(process: subprocess.Popen) -> None:
    """End a process with all that it started."""
    if WINDOWS:
        command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(command, capture_output=True)
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def own_quarto() -> str | None:
    """The `quarto` of the environment."""
    return shutil.which("quarto", path=str(PROGRAMS))


def version(program: str | None) -> str:
    """What a Quarto says of its version; nothing, where it does not run."""
    if not program:
        return ""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def numbers(said: str) -> list[int]:
    """The numbers in what a tool says of its version."""
    return [int(number) for number in re.findall(r"\d+", said)]


def clean() -> dict[str, str]:
    """The environment's variables without those that lead Python or pip elsewhere."""
    led = ("PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_HASHES")
    kept = {name: value for name, value in os.environ.items() if name not in led}
    return {**kept, "PYTHONNOUSERSITE": "1", "PIP_USER": "0"}


def logged(start: int = 0) -> str:
    """What the log says from a place on."""
    return LOG.read_bytes()[start:].decode("utf-8", errors="replace")


def reason(said: str) -> str:
    """One line for a person from what a program said."""
    for pattern, meaning in REASONS:
        found = re.search(pattern, said)
        if found:
            return meaning.format(*found.groups())
    errors = [line for line in said.splitlines() if line.lower().startswith("error")]
    lines = errors or said.strip().splitlines() or ["no reason was given"]
    return lines[-1].strip()


def say(line: str) -> None:
    """Tell the user a line, at once."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
