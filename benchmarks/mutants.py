"""Mutants of a room: how many small mistakes in its code do its tests find?

`python benchmarks/mutants.py ROOM [--seed 1] [--count 100] [--again]`, or `make mutants ROOM=quality`.
Mutants are drawn by seed from all that the code of the room allows; each is one change of one
operator, constant, condition or returned value. The tests that run its line (as coverage saw them run
without a mutant, the fastest first; all of the room's where the line runs at import) run against each
in a process forked from one that has imported other people's packages and the rooms below; the mutant is imported
in place of the module, and no file is changed. A mutant is found where a test fails or where its
tests spend LIMIT seconds of processor, so that a busy machine finds none; what was not done after
PATIENCE seconds of the clock is not found. What was found is kept in build/mutants/ROOM-SEED.jsonl, so that a
run that was stopped goes on; `--again` asks again about the survivors, after tests were added. Prints
the score, and each survivor with its place and change.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import gc
import hashlib
import importlib
import importlib.abc
import importlib.machinery
import json
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import coverage
import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "atips_analysis"
ALSO = {
    "codebook": ["tests/cleaning", "tests/intake/test_intake_reading.py"],
    "cleaning": ["tests/codebook"],
}
"""Tests of other rooms that are about a room too: what reads by the codebook is tested there."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
KEPT = ROOT / "build" / "mutants"
NOTED = KEPT / "modules.txt"
TOOK = KEPT / "took.json"
LIMIT, PATIENCE = 300, 1800
LEFT = ("survived", "late")
NO_SUCH_TEST = (4, 5)
"""What pytest leaves with when it has not found what it was asked for."""
OPERATORS: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}


@dataclass(frozen=True)
class Mutant:
    """One change: the module, the number of its place among the module's, and what it does."""

    module: Path
    place: int
    line: int
    change: str

    @property
    def name(self) -> str:
        source = hashlib.sha256(self.module.read_bytes()).hexdigest()[:8]
        return f"{self.module.relative_to(ROOT)}:{self.line}#{self.place}@{source} {self.change}"


Change = Callable[[], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("room")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--again", action="store_true", help="run the survivors again")
    wanted = parser.parse_args()
    os.chdir(ROOT)
    if not (PACKAGE / wanted.room).is_dir() or not Path("tests", wanted.room).is_dir():
        sys.exit(f"there is no room {wanted.room!r} with tests of its own; see src/atips_analysis/")
    drawn = draw(wanted.room, wanted.seed, wanted.count)
    kept = KEPT / f"{wanted.room}-{wanted.seed}.jsonl"
    kept.parent.mkdir(parents=True, exist_ok=True)
    tests = [f"tests/{wanted.room}", *ALSO.get(wanted.room, [])]
    if run(None, tests) != "survived":
        sys.exit("the tests fail without any mutant: mend them first")
    import_what_no_mutant_changes(wanted.room)
    seen = coverage.CoverageData(str(seen_by(tests)))
    seen.read()
    known = _known(kept)
    for mutant in drawn:
        if known.get(mutant.name) is None or (wanted.again and known[mutant.name] in LEFT):
            known[mutant.name] = found_by(mutant, seen, tests)
            _keep(kept, mutant.name, known[mutant.name])
    report(wanted.room, [(mutant, known[mutant.name]) for mutant in drawn])


def seen_by(tests: list[str]) -> Path:
    return KEPT / f"{Path(tests[0]).name}.coverage"


def found_by(mutant: Mutant, seen: coverage.CoverageData, tests: list[str]) -> str:
    """What the tests say that run the mutant's line; where it runs at import, all of them."""
    lines = lines_in_function(ast.parse(mutant.module.read_text("utf-8")), mutant.line)
    if lines is None:
        return run(mutant, fastest_first(_files(tests)))
    by_line = seen.contexts_by_lineno(str(mutant.module))
    running = {test for line in lines for test in by_line.get(line, []) if test}
    return run(mutant, fastest_first(running)) if running else "survived"


def _files(tests: list[str]) -> Iterator[str]:
    for test in map(Path, tests):
        yield from map(str, test.rglob("test_*.py") if test.is_dir() else [test])


def fastest_first(tests: Iterable[str]) -> list[str]:
    """Tests and files by the time that they took without a mutant."""
    took = json.loads(TOOK.read_text("utf-8")) if TOOK.is_file() else {}

    def time_of(test: str) -> float:
        file, _, name = test.partition("::")
        shared = took.get(f"{file}::", 0.0) if name else 0.0
        return float(took.get(test, 0.0)) + float(shared)

    return sorted(tests, key=lambda test: (time_of(test), test))


def lines_in_function(tree: ast.Module, line: int) -> set[int] | None:
    """The line and the head of the statement that holds it; None outside of functions."""
    holding: list[tuple[range, bool]] = []
    _statements(tree.body, line, False, holding)
    lines, inside = holding[-1]
    return {line, *lines} if inside else None


def _statements(
    body: list[Any], line: int, inside: bool, holding: list[tuple[range, bool]]
) -> None:
    for node in body:
        if not node.lineno <= line <= node.end_lineno:
            continue
        parts = list(ast.iter_child_nodes(node))
        parts += [part for case in parts if isinstance(case, ast.match_case) for part in case.body]
        inner = [part for part in parts if isinstance(part, (ast.stmt, ast.ExceptHandler))]
        first = min((part.lineno for part in inner), default=node.end_lineno + 1)
        holding.append((range(node.lineno, first), inside))
        _statements(inner, line, inside or isinstance(node, FUNCTIONS), holding)


def import_what_no_mutant_changes(room: str) -> None:
    """What a run without a mutant imported, and what the room is built on: no mutant waits for it."""
    graph, mine = grimp.build_graph(PACKAGE.name), f"{PACKAGE.name}.{room}"
    for late in graph.find_modules_directly_imported_by(PACKAGE.name):
        graph.remove_import(importer=PACKAGE.name, imported=late)  # imported where it is asked for
    below = graph.find_upstream_modules(mine, as_package=True)
    below -= graph.find_downstream_modules(mine, as_package=True)
    for name in [*NOTED.read_text(encoding="utf-8").split(), *sorted(below)]:
        with contextlib.suppress(Exception):
            importlib.import_module(name)
    if room != "codebook":
        importlib.import_module(f"{PACKAGE.name}.codebook").load_codebook()
    if mine in sys.modules:
        sys.exit(f"{mine} was imported before any mutant of it; mend {__file__}")
    gc.freeze()


def draw(room: str, seed: int, count: int) -> list[Mutant]:
    """So many mutants of the room, in the order drawn: a larger count goes on where a smaller ended."""
    every = [
        Mutant(module, place, line, change)
        for module in sorted((PACKAGE / room).rglob("*.py"))
        for place, (line, change, _) in enumerate(changes(ast.parse(module.read_text("utf-8"))))
    ]
    random.Random(seed).shuffle(every)
    return every[:count]


def changes(tree: ast.Module) -> Iterator[tuple[int, str, Change]]:
    """All changes of a module: line, what it does, and what makes it in the tree."""
    for node in _code(tree):
        for change, make in _changes_of(node):
            yield node.lineno, change, make


def _code(tree: ast.AST) -> Iterator[Any]:
    """The nodes that do something: no docstring, annotation or part of an f-string."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list"):
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.AST) and not _is_idle(node):
                if hasattr(node, "lineno"):
                    yield node
                yield from _code(node)


def _is_idle(node: ast.AST) -> bool:
    """What changes nothing that a test could see: names for readers, types, checks of a slip."""
    match node:
        case ast.JoinedStr() | ast.Import() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__")]) | ast.keyword(arg="strict"):
            return True
        case ast.Subscript(value=ast.Name(id="Literal")):
            return True
    return False


def _changes_of(node: Any) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OPERATORS:
        yield _operator(node.ops, 0)
    elif isinstance(node, (ast.BinOp, ast.BoolOp)) and type(node.op) in OPERATORS:
        new = OPERATORS[type(node.op)]()
        yield _named(node.op, new), lambda: setattr(node, "op", new)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.Not, ast.Invert)):
        plus = ast.Call(ast.Name("bool", ast.Load()), [node.operand], [])
        kept = (
            plus if isinstance(node.op, ast.Not) else ast.BinOp(node.operand, ast.BitOr(), False_)
        )
        yield f"drop {type(node.op).__name__}", lambda: _become(node, kept)
    elif isinstance(node, (ast.If, ast.IfExp)):
        turned = ast.UnaryOp(ast.Not(), node.test)
        yield "negate condition", lambda: setattr(node, "test", turned)
    elif isinstance(node, ast.Constant):
        other = _other(node.value)
        if other is not None:
            yield f"{node.value!r:.40} -> {other!r:.40}", lambda: setattr(node, "value", other)
    elif isinstance(node, ast.Return) and not _is_none(node.value):
        yield "return None", lambda: setattr(node, "value", ast.Constant(None))


False_ = ast.Constant(False)


def _operator(operators: list[Any], at: int) -> tuple[str, Change]:
    new = OPERATORS[type(operators[at])]()
    return _named(operators[at], new), lambda: operators.__setitem__(at, new)


def _named(old: ast.AST, new: ast.AST) -> str:
    return f"{type(old).__name__} -> {type(new).__name__}"


def _become(node: Any, other: Any) -> None:
    node.__class__ = other.__class__
    node.__dict__.update(other.__dict__)


def _is_none(node: ast.AST | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and node.value is None)


def _other(value: Any) -> Any:
    """Another constant; a sentence for people is left, as tests do not read all of it."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, (int, float)):
        return value + 1
    return f"{value}XX" if isinstance(value, str) and value and " " not in value else None


class InPlace(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports the mutant where its module is asked for."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant
        parts = mutant.module.relative_to(PACKAGE.parent).with_suffix("").parts
        self.name = ".".join(parts).removesuffix(".__init__")

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        if fullname != self.name:
            return None
        package = (
            [str(self.mutant.module.parent)] if self.mutant.module.stem == "__init__" else None
        )
        return importlib.machinery.ModuleSpec(
            fullname, self, origin=str(self.mutant.module), is_package=package is not None
        )

    def exec_module(self, module: Any) -> None:
        module.__file__ = str(self.mutant.module)
        tree = ast.parse(self.mutant.module.read_text("utf-8"))
        made = list(changes(tree))[self.mutant.place]
        made[2]()
        code = compile(ast.fix_missing_locations(copy.deepcopy(tree)), module.__file__, "exec")
        exec(code, module.__dict__)


def run(mutant: Mutant | None, tests: list[str]) -> str:
    """What the tests say of the mutant: survived, killed, timeout (it ran on and on), or late."""
    status = _status(mutant, tests)
    if mutant is not None and status in NO_SUCH_TEST:
        # The names of some tests are made of what the mutant changed: their files, then.
        status = _status(mutant, fastest_first({test.split("::")[0] for test in tests}))
    if status is None:
        return "late"
    if status == -signal.SIGXCPU:
        return "timeout"
    return "survived" if status == 0 else "killed"


def _status(mutant: Mutant | None, tests: list[str]) -> int | None:
    """What the tests leave with in a process of their own; None if they were not done in time."""
    child = os.fork()
    if child == 0:
        _child(mutant, tests)
    began = time.monotonic()
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if mutant is not None and time.monotonic() - began > PATIENCE:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return None
        time.sleep(0.05)


def _child(mutant: Mutant | None, tests: list[str]) -> None:
    os.setpgrp()
    if mutant is not None:
        sys.meta_path.insert(0, InPlace(mutant))
        spent = int(time.process_time())
        resource.setrlimit(resource.RLIMIT_CPU, (spent + LIMIT, spent + 2 * LIMIT))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
    code = 3
    try:
        asked = ["-q", "-p", "no:cacheprovider", "--no-header", *tests]
        if mutant is None:
            code = int(pytest.main(asked, plugins=[Seeing(tests)]))
            _note_modules()
        else:
            code = int(pytest.main(["-x", *asked]))
    finally:
        os._exit(code)


class Seeing:
    """A pytest plugin: coverage of the lines that each test runs; what a set-up runs is its file's."""

    def __init__(self, tests: list[str]) -> None:
        rooms = [str(PACKAGE / Path(test).parts[1]) for test in tests]
        kept = seen_by(tests)
        kept.unlink(missing_ok=True)
        self.coverage = coverage.Coverage(data_file=str(kept), source=rooms, config_file=False)
        self.coverage.start()
        self.took: dict[str, float] = {}

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self.coverage.switch_context(item.nodeid.split("::")[0])

    def pytest_runtest_call(self, item: pytest.Item) -> None:
        self.coverage.switch_context(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file = report.nodeid.split("::")[0]
        for name in (file, report.nodeid)[: 1 + (report.when == "call")]:
            self.took[name] = self.took.get(name, 0.0) + report.duration
        if report.when == "setup":  # of what all tests of a file share, the first pays
            self.took[f"{file}::"] = max(self.took.get(f"{file}::", 0.0), report.duration)

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        self.coverage.save()
        before = json.loads(TOOK.read_text("utf-8")) if TOOK.is_file() else {}
        TOOK.write_text(json.dumps(before | self.took), encoding="utf-8")


def _note_modules() -> None:
    """Add to the note the modules that are neither the package's nor a test's."""
    before = NOTED.read_text(encoding="utf-8").split() if NOTED.is_file() else []
    ours = ("atips_analysis", "tests", "test_", "conftest", "__main__")
    others = [name for name in sys.modules if not name.startswith(ours)]
    NOTED.write_text("\n".join(dict.fromkeys([*before, *others])), encoding="utf-8")


def report(room: str, found: list[tuple[Mutant, str]]) -> None:
    survivors = [mutant for mutant, what in found if what in LEFT]
    killed = len(found) - len(survivors)
    print(f"{room}: {killed} of {len(found)} mutants found ({killed / len(found):.0%})")
    for mutant in sorted(survivors, key=lambda one: (str(one.module), one.line)):
        print(f"  survived: {mutant.module.relative_to(ROOT)}:{mutant.line}  {mutant.change}")


def _known(kept: Path) -> dict[str, str]:
    if not kept.is_file():
        return {}
    lines = kept.read_text(encoding="utf-8").splitlines()
    return {item["mutant"]: item["found"] for item in map(json.loads, lines)}


def _keep(kept: Path, name: str, found: str) -> None:
    with kept.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({"mutant": name, "found": found}) + "\n")


if __name__ == "__main__":
    main()
