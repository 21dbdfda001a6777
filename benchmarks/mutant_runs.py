"""Asking the tests about mutants: each in a fork of a process that has all imported.

A mutant inside a function that runs in tests alone is made in a fork of a process that has
collected the tests: its functions get the code with the mistake, and only the chosen tests run. What
runs when a module is imported (tables, limits, defaults) is imported anew in place of its module, in a
fork of a process that has imported other people's packages and the rooms below; the tests are those that run what
mentions the table, and the files that mention it themselves.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import re
import signal
import sys
import time
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Protocol

import coverage
import grimp
import pytest
from mutant_changes import FUNCTIONS, PACKAGE, ROOT, Mutant, lines_in_function, names_bound, parsed

KEPT = ROOT / "build" / "mutants"
NOTED = KEPT / "modules.txt"
SEEN = KEPT / "seen.json"
FAULT = KEPT / "fault.txt"
PATIENCE = 1800
LEFT = ("survived", "late")
FAILED, NOT_HERE, BROKEN = 1, 9, 70
NO_SUCH_TEST = (4, 5)
"""What pytest leaves with when it has not found what it was asked for."""
OPTIONS = ["-q", "-p", "no:cacheprovider", "--no-header", "--disable-warnings"]


class Keeps(Protocol):
    def asks(self, mutant: Mutant) -> bool: ...
    def asked(self, mutant: Mutant) -> dict[str, str]: ...
    def keep(self, mutant: Mutant, found: str, asked: dict[str, str]) -> None: ...
    def load(self) -> None: ...


def ask(room: str, drawn: list[Mutant], tests: list[Path], kept: Keeps) -> None:
    """Ask about every mutant that has no answer yet, and keep each answer at once."""
    files = [str(file) for test in tests for file in _files(test)]
    rooms = sorted({str(PACKAGE / one) for one in (room, *(test.parts[1] for test in tests))})
    at_import = _at_import(files, rooms)
    inside = [one for one in drawn if kept.asks(one) and _runs_in_tests_alone(one, at_import)]
    warm = Warm(rooms, inside, kept)
    if _status(lambda: int(pytest.main([*OPTIONS, *files], plugins=[warm]))) != 0:
        sys.exit("the tests fail without any mutant: mend them first")
    kept.load()
    left = [mutant for mutant in drawn if kept.asks(mutant)]
    if left:
        _import_what_no_mutant_changes(room)
        seen, users = Seen(files), Users(rooms, files, at_import)
        for mutant in left:
            _ask_anew(mutant, seen, users, kept)


def _files(test: Path) -> Iterable[Path]:
    return sorted(test.rglob("test_*.py")) if test.is_dir() else [test]


def _runs_in_tests_alone(mutant: Mutant, at_import: dict[str, set[int]]) -> bool:
    lines = lines_in_function(parsed(mutant.module), mutant.line)
    return lines is not None and not lines & at_import.get(str(mutant.module), set())


def _ask_anew(mutant: Mutant, seen: Seen, users: Users, kept: Keeps) -> None:
    """Import the mutant in place of its module, with the tests of whatever uses it."""
    lines = lines_in_function(parsed(mutant.module), mutant.line) or set()
    running = {test for line in lines for test in seen.running(mutant.module, line)}
    used, mentioning = users.of(mutant)
    running |= {test for module, line in used for test in seen.running(module, line)}
    running = {test for test in running if test.split("::")[0] not in mentioning} | mentioning
    chosen = [test for test in seen.fastest_first(running) if seen.new_to(mutant, kept, test)]
    found = "survived"
    if chosen:
        status = _status(lambda: _tests_of_imported(mutant, chosen), PATIENCE)
        if status in NO_SUCH_TEST:
            # The names of some tests are made of what the mutant changed: their files, then.
            whole = seen.fastest_first({test.split("::")[0] for test in chosen})
            status = _status(lambda: _tests_of_imported(mutant, whole), PATIENCE)
        found = _said(status)
    kept.keep(mutant, found, seen.asked(chosen))


def _said(status: int | None) -> str:
    if status is None:
        return "late"
    if status in (-signal.SIGPROF, -signal.SIGXCPU):
        return "timeout"
    return "survived" if status == 0 else "killed"


# What the tests run


class Seen:
    """Which tests run which line, and what each takes, as it was seen without a mutant."""

    def __init__(self, files: Iterable[str]) -> None:
        notes = _notes()
        self.notes = {file: notes[file] for file in files}
        self.took = {
            test: took for note in self.notes.values() for test, took in note["took"].items()
        }

    def running(self, module: Path, line: int) -> Iterator[str]:
        """The tests that run the line; a file where something that its tests share does."""
        for file in self.notes:
            yield from _contexts(_seen_in(file), str(module)).get(line, [])

    def fastest_first(self, tests: Iterable[str]) -> list[str]:
        return sorted(tests, key=lambda test: (self._time_of(test), test))

    def _time_of(self, test: str) -> float:
        file = test.partition("::")[0]
        took = self.notes[file]["took"]
        return float(
            sum(took.values()) if test == file else took[test] + self.notes[file]["shared"]
        )

    def new_to(self, mutant: Mutant, kept: Keeps, test: str) -> bool:
        file = test.partition("::")[0]
        return bool(kept.asked(mutant).get(file) != self.notes[file]["text"])

    def asked(self, tests: Iterable[str]) -> dict[str, str]:
        return {file: self.notes[file]["text"] for file in {test.split("::")[0] for test in tests}}


def _notes() -> dict[str, Any]:
    notes: dict[str, Any] = json.loads(SEEN.read_text("utf-8")) if SEEN.is_file() else {}
    return notes


def _seen_in(file: str) -> Path:
    return KEPT / "seen" / f"{Path(file).stem}.coverage"


@cache
def _contexts(seen: Path, module: str) -> dict[int, list[str]]:
    data = coverage.CoverageData(str(seen))
    data.read()
    return dict(data.contexts_by_lineno(module))


@cache
def _text(file: str) -> str:
    """A digest of a test file and of what stands in the conftests above it."""
    above = [folder / "conftest.py" for folder in Path(file).parents]
    texts = [path.read_bytes() for path in [Path(file), *above] if path.is_file()]
    return hashlib.sha256(b"\0".join(texts)).hexdigest()[:12]


@cache
def _sources() -> str:
    sources = sorted(PACKAGE.rglob("*.py"))
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:12]


class Users:
    """What uses a name of a module's top level: lines of functions, and files of tests."""

    def __init__(self, rooms: list[str], files: list[str], at_import: dict[str, set[int]]) -> None:
        self.at_import = at_import
        self.texts = {
            file: set(re.findall(r"\w+", Path(file).read_text("utf-8"))) for file in files
        }
        self.parts = [
            (module, part, name, _mentions(part))
            for room in rooms
            for module in sorted(Path(room).rglob("*.py"))
            for part, name in _parts(parsed(module))
        ]

    def of(self, mutant: Mutant) -> tuple[set[tuple[Path, int]], set[str]]:
        """Lines, and test files, that use what the mutant changes, directly or through a table."""
        names: set[str] = {mutant.unit}
        while True:
            using = [part for part in self.parts if part[3] & names or part[2] == mutant.unit]
            more = {bound for part in using if self._is_made(part) for bound in _bound(part)}
            if more <= names:
                break
            names |= more
        lines = {(part[0], line) for part in using for line in _lines_of(part[1])}
        return lines, {file for file, words in self.texts.items() if words & names}

    def _is_made(self, part: tuple[Path, ast.stmt, str, set[str]]) -> bool:
        """Does the part run when its module is imported?"""
        module, statement, _, _ = part
        if not isinstance(statement, FUNCTIONS):
            return True
        return bool(set(_lines_of(statement)) & self.at_import.get(str(module), set()))


def _parts(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """The statements of the top level and of its classes, with the name of their class."""
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            yield from ((inner, statement.name) for inner in statement.body)
        elif not isinstance(statement, (ast.Import, ast.ImportFrom)):
            yield statement, ""


def _mentions(part: ast.stmt) -> set[str]:
    nodes = list(ast.walk(part))
    names = {one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
    return names | {one.attr for one in nodes if isinstance(one, ast.Attribute)}


def _bound(part: tuple[Path, ast.stmt, str, set[str]]) -> list[str]:
    return [part[2]] if part[2] else names_bound(part[1])


def _lines_of(statement: ast.stmt) -> range:
    first = statement.body[0].lineno if isinstance(statement, FUNCTIONS) else statement.lineno
    return range(first, (statement.end_lineno or first) + 1)


# Processes


def _import_what_no_mutant_changes(room: str) -> None:
    """What an earlier run imported, and what the room is built on: no mutant waits for it."""
    graph, mine = grimp.build_graph(PACKAGE.name), f"{PACKAGE.name}.{room}"
    for late in graph.find_modules_directly_imported_by(PACKAGE.name):
        graph.remove_import(importer=PACKAGE.name, imported=late)  # imported where it is asked for
    below = graph.find_upstream_modules(mine, as_package=True)
    below -= graph.find_downstream_modules(mine, as_package=True)
    noted = NOTED.read_text(encoding="utf-8").split() if NOTED.is_file() else []
    for name in [*noted, *sorted(below)]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    if room != "codebook":
        importlib.import_module(f"{PACKAGE.name}.codebook").load_codebook()
    if mine in sys.modules:
        sys.exit(f"{mine} was imported before any mutant of it; mend {__file__}")
    gc.freeze()


def _at_import(files: list[str], rooms: list[str]) -> dict[str, set[int]]:
    """Which lines of a module run when it is imported, or when the tests are collected."""
    texts = " ".join(map(_text, files)) + _sources()
    kept = KEPT / f"at_import-{hashlib.sha256(texts.encode()).hexdigest()[:12]}.json"
    if not kept.is_file() and _status(lambda: _note_at_import(kept, files, rooms)) != 0:
        sys.exit("the tests cannot be collected: mend them first")
    return {name: set(at) for name, at in json.loads(kept.read_text("utf-8")).items()}


def _note_at_import(kept: Path, files: list[str], rooms: list[str]) -> int:
    """Note the lines, and which packages are imported."""
    watch = coverage.Coverage(data_file=None, source=rooms, config_file=False)
    watch.start()
    code = int(pytest.main([*OPTIONS, "--collect-only", "-qq", *files]))
    watch.stop()
    data = watch.get_data()
    lines = {module: data.lines(module) for module in data.measured_files()}
    kept.write_text(json.dumps(lines), encoding="utf-8")
    before = NOTED.read_text(encoding="utf-8").split() if NOTED.is_file() else []
    ours = ("atips_analysis", "tests", "test_", "conftest", "__main__")
    others = [name for name in sys.modules if not name.startswith(ours)]
    NOTED.write_text("\n".join(dict.fromkeys([*before, *others])), encoding="utf-8")
    return code


def _status(does: Callable[[], int], patience: float | None = None) -> int | None:
    """What a process of its own leaves with; None if it was not done in time."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.setpgrp()
        try:
            code = int(does())
        except BaseException:
            code = BROKEN
            FAULT.write_text(traceback.format_exc(), encoding="utf-8")
        finally:
            sys.stdout.flush()
            os._exit(code)
    began, pause = time.monotonic(), 0.002
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended and (code := os.waitstatus_to_exitcode(status)) == BROKEN:
            sys.exit(f"the tool failed, and no test did; {FAULT} says where")
        if ended:
            return code
        if patience is not None and time.monotonic() - began > patience:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(pause := min(pause * 1.5, 0.05))


def _quiet() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


class Warm:
    """A pytest plugin: once all is collected, a fork of the process for each thing that is asked.

    First each test file that is not known as it is, with coverage and without a mutant; then each mutant.
    """

    def __init__(self, rooms: list[str], mutants: list[Mutant], kept: Keeps) -> None:
        self.rooms, self.mutants, self.kept = rooms, mutants, kept

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        files = list(dict.fromkeys(test.split("::")[0] for test in items))
        (KEPT / "seen").mkdir(exist_ok=True)
        for file in files:
            self._see(file, [item for test, item in items.items() if test.split("::")[0] == file])
        live = _live_functions()
        gc.freeze()
        seen = Seen(files)
        for mutant in self.mutants:
            self._ask(mutant, items, seen, live)
        return True

    def _see(self, file: str, items: list[pytest.Item]) -> None:
        digest = f"{_text(file)} {_sources()}"
        if _notes().get(file, {}).get("digest") == digest and _seen_in(file).is_file():
            return
        if _status(lambda: Seeing(self.rooms, file).run(items, digest)) != 0:
            sys.exit(f"{file} fails without any mutant: mend it first")

    def _ask(
        self, mutant: Mutant, items: dict[str, pytest.Item], seen: Seen, live: Functions
    ) -> None:
        lines = lines_in_function(parsed(mutant.module), mutant.line) or set()
        running = {test for line in lines for test in seen.running(mutant.module, line)}
        whole = {test for test in running if "::" not in test}
        running |= {test for test in items if test.split("::")[0] in whole}
        chosen = [
            test
            for test in seen.fastest_first(running - whole)
            if seen.new_to(mutant, self.kept, test)
        ]
        found = "survived"
        if chosen:
            asking = Asking(mutant, live, seen.took)
            found = _said(
                status := _status(lambda: asking.run([items[it] for it in chosen]), PATIENCE)
            )
            if status == NOT_HERE:
                return
        self.kept.keep(mutant, found, seen.asked(chosen))


Functions = dict[CodeType, list[FunctionType]]


def _live_functions() -> Functions:
    """The package's functions that exist, by their code."""
    live: Functions = defaultdict(list)
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename.startswith(str(PACKAGE)):
            live[one.__code__].append(one)
    return live


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


class Asking:
    """Runs chosen tests on a mutant until one fails; each may take ten times as long as without it."""

    def __init__(self, mutant: Mutant, live: Functions, took: dict[str, float]) -> None:
        self.mutant, self.live, self.took = mutant, live, took

    def run(self, items: list[pytest.Item]) -> int:
        _quiet()
        if not self._make():
            return NOT_HERE
        return FAILED if _any_fails(items, self.took) else 0

    def _make(self) -> bool:
        """Give the functions that are there the code with the mistake."""
        source = compile(parsed(self.mutant.module), str(self.mutant.module), "exec")
        before, after = (_by_place(code) for code in (source, self.mutant.code()))
        made = False
        for place, old in before.items():
            new = after.get(place, old)
            if new == old:
                continue
            if len(old) > 1 or len(new) > 1:
                return False
            for function in self.live.get(old[0], []):
                try:
                    function.__code__ = new[0]
                except ValueError:  # a name of the function around it is no longer used
                    return False
                made = True
        return made


def _by_place(module: CodeType) -> dict[tuple[str, int], list[CodeType]]:
    places: dict[tuple[str, int], list[CodeType]] = defaultdict(list)
    for code in _codes(module):
        places[code.co_qualname, code.co_firstlineno].append(code)
    return places


class Failing:
    """A pytest plugin that notes whether a test has failed."""

    def __init__(self) -> None:
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(f"{report.nodeid}: {report.longreprtext}")


def _any_fails(items: list[pytest.Item], took: dict[str, float] | None) -> bool:
    failing = Failing()
    plugins = items[0].config.pluginmanager
    plugins.register(failing)
    plugins.unregister(name="terminalreporter")
    for item, following in zip(items, [*items[1:], None], strict=True):
        if took is not None:
            signal.setitimer(signal.ITIMER_PROF, 15 + 10 * took[item.nodeid])
        item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
        if failing.failed:
            print(failing.failed[0][:2000])
            return True
    return False


class Seeing:
    """Coverage of the lines that each test of a file runs; what a shared fixture runs is the file's."""

    def __init__(self, rooms: list[str], file: str) -> None:
        self.file = file
        _seen_in(file).unlink(missing_ok=True)
        kept = str(_seen_in(file))
        self.coverage = coverage.Coverage(data_file=kept, source=rooms, config_file=False)
        self.took: dict[str, float] = {}
        self.shared = self.began = 0.0

    def run(self, items: list[pytest.Item], digest: str) -> int:
        items[0].config.pluginmanager.register(self)
        self.coverage.start()
        if _any_fails(items, None):
            return FAILED
        self.coverage.stop()
        self.coverage.save()
        note = {
            "digest": digest,
            "text": _text(self.file),
            "took": self.took,
            "shared": self.shared,
        }
        SEEN.write_text(json.dumps(_notes() | {self.file: note}), encoding="utf-8")
        return 0

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.coverage.switch_context(nodeid)
        self.began = time.process_time()

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Iterator[None]:
        if fixturedef.scope == "function":
            return (yield)
        self.coverage.switch_context(self.file)
        try:
            return (yield)
        finally:
            self.coverage.switch_context(request._pyfuncitem.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.took[report.nodeid] = took = time.process_time() - self.began
        if report.when == "setup":  # of what all tests of a file share, the first pays
            self.shared = max(self.shared, took)


class InPlace(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the mutant where its module is asked for."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != self.mutant.dotted:
            return None
        module = self.mutant.module
        inside = module.stem == "__init__"
        spec = importlib.machinery.ModuleSpec(fullname, self, origin=str(module), is_package=inside)
        if inside:
            spec.submodule_search_locations = [str(module.parent)]
        return spec

    def exec_module(self, module: Any) -> None:
        module.__file__ = str(self.mutant.module)
        exec(self.mutant.code(), module.__dict__)


def _tests_of_imported(mutant: Mutant, tests: list[str]) -> int:
    _quiet()
    sys.meta_path.insert(0, InPlace(mutant))
    signal.setitimer(signal.ITIMER_PROF, 300)
    return int(pytest.main(["-x", *OPTIONS, *tests]))
