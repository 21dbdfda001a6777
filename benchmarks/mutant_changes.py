"""The mutants of a room: every small mistake that its code allows, and how each is made.

A mutant has a name of its own: the module, the function or table that holds it, its number there and
what it does. The seed orders the names by their hashes, so that a change of one function draws others of
its mutants and leaves the draw of the rest as it was.
"""

from __future__ import annotations

import ast
import copy
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "atips_analysis"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
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

Change = Callable[[], None]


@dataclass(frozen=True)
class Mutant:
    """One change: the module, the function or table at its top level, its number there, what it does."""

    module: Path
    unit: str
    place: int
    line: int
    change: str
    digest: str
    at: int

    @property
    def key(self) -> str:
        """What the seed draws by: the same while the room's other functions change."""
        return f"{self.module.relative_to(ROOT).as_posix()}:{self.unit}#{self.place} {self.change}"

    @property
    def name(self) -> str:
        """What its result is kept under: another one once its function says something else."""
        return f"{self.key} @{self.digest}"

    @cached_property
    def dotted(self) -> str:
        parts = self.module.relative_to(PACKAGE.parent).with_suffix("").parts
        return ".".join(parts).removesuffix(".__init__")

    def code(self) -> CodeType:
        """The module's code with the mistake in it."""
        tree = ast.parse(self.module.read_text("utf-8"))
        list(changes(tree))[self.at][2]()
        tree = ast.fix_missing_locations(copy.deepcopy(tree))
        return compile(tree, str(self.module), "exec")


def draw(room: str, seed: int, count: int) -> list[Mutant]:
    """So many mutants of the room, in the order drawn: a larger count goes on where a smaller ended."""
    every = [
        mutant
        for module in sorted((PACKAGE / room).rglob("*.py"))
        for mutant in _mutants_of(module)
    ]
    every.sort(key=lambda one: hashlib.sha256(f"{seed} {one.key}".encode()).digest())
    return every[:count]


def _mutants_of(module: Path) -> Iterator[Mutant]:
    tree = parsed(module)
    numbers: Counter[str] = Counter()
    digests = {
        id(unit): hashlib.sha256(ast.unparse(unit).encode()).hexdigest()[:8] for unit in tree.body
    }
    for at, (line, change, _) in enumerate(changes(tree)):
        unit = statement_at(tree, line)
        name = (names_bound(unit) or [type(unit).__name__])[0]
        yield Mutant(module, name, numbers[name], line, change, digests[id(unit)], at)
        numbers[name] += 1


@cache
def parsed(module: Path) -> ast.Module:
    """The module as it is; never changed."""
    return ast.parse(module.read_text("utf-8"))


def statement_at(tree: ast.Module, line: int) -> ast.stmt:
    """The statement of the module's top level that holds the line."""
    return next(one for one in tree.body if one.lineno <= line <= (one.end_lineno or one.lineno))


def names_bound(statement: ast.stmt) -> list[str]:
    """The names that a statement of the top level gives to the module."""
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        return [statement.name]
    return [
        node.id
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


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
        case ast.Assign(targets=[ast.Name(id="__all__")]):
            return True
        case ast.keyword(arg="strict" | "repr" | "hash"):
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
