"""Reading takes time as the text is long, and not as its square: no cell can hold up a machine.

Every regular expression that meets what others wrote is found in the code (an expression that is
added is found too) and given its own worst cases, made from its parts: a beginning that it takes,
one of its characters over and over, and an end that it refuses. Four times the text may take four
times as long, with room for noise; an expression that goes back over the text takes sixteen times.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import re
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

import atips_analysis

PACKAGE = Path(atips_analysis.__file__).parent
READERS = [
    *sorted((PACKAGE / "intake").rglob("*.py")),
    *sorted((PACKAGE / "cleaning").rglob("*.py")),
    *sorted((PACKAGE / "codebook").rglob("*.py")),
    PACKAGE / "profile.py",
    PACKAGE / "render" / "dialect.py",
    PACKAGE / "quality" / "returns_owed.py",
]
"""What meets submissions, and the passages, profile and tables that people write."""
METHODS = {"search", "match", "fullmatch", "findall", "finditer", "sub", "split"}
OF_PANDAS = {"contains": "search", "extract": "search", "replace": "sub", "fullmatch": "fullmatch"}
SIZES, TIMES, MOST = (100, 400, 1_500), 4, 9.0
QUICK = 2e-3
"""Seconds in which no machine takes the square of the longer text in steps."""


def test_the_expressions_of_the_readers_are_found():
    found = list(_uses())
    assert len(found) > 80
    named = {(module, how) for module, how, _ in found}
    assert {("intake/personal.py", "fullmatch"), ("intake/row_questions.py", "search")} <= named


def test_a_quadratic_expression_is_seen_to_be_one():
    assert _grows(re.compile(r"[\w.+-]+@"), "search") is not None
    assert _grows(re.compile(r"(.+?)\s*[(]([^()]+)[)]"), "fullmatch") is not None
    assert _grows(re.compile(r"[\w.+-]+@"), "fullmatch") is None


def _ids() -> list[Any]:
    return [
        pytest.param(pattern, how, id=f"{module}-{how}-{pattern.pattern!r:.60}")
        for module, how, pattern in dict.fromkeys(_uses())
    ]


def _uses() -> Iterator[tuple[str, str, re.Pattern[Any]]]:
    """Each expression of the readers, with how it is used."""
    for path in READERS:
        name = ".".join(("atips_analysis", *path.relative_to(PACKAGE).with_suffix("").parts))
        module = importlib.import_module(name.removesuffix(".__init__"))
        where = path.relative_to(PACKAGE).as_posix()
        used = set()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        taken = _taken_in_turn(tree, module)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                for how, pattern in _used(node, node.func, module, taken):
                    used.add(pattern)
                    yield where, how, pattern
        for value in list(vars(module).values()):
            several = value if isinstance(value, tuple) else (value,)
            for one in several:
                if isinstance(one, re.Pattern) and one not in used:
                    yield where, "search", one  # how it is used is not plain: the worst way


def _taken_in_turn(tree: ast.AST, module: Any) -> dict[str, list[re.Pattern[Any]]]:
    """Names of loops over several expressions, and those that they stand for."""
    found: dict[str, list[re.Pattern[Any]]] = {}
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.target, ast.Name):
            several = _value(node.iter, module)
            if isinstance(several, (tuple, list)):
                own = [one for one in several if isinstance(one, re.Pattern)]
                found.setdefault(node.target.id, []).extend(own)
    return found


def _used(
    node: ast.Call, func: ast.Attribute, module: Any, taken: dict[str, list[re.Pattern[Any]]]
) -> Iterator[tuple[str, re.Pattern[Any]]]:
    own = _value(func.value, module)
    if isinstance(func.value, ast.Name) and func.attr in METHODS:
        yield from ((func.attr, one) for one in taken.get(func.value.id, []))
    if isinstance(own, re.Pattern) and func.attr in METHODS:
        yield func.attr, own
    elif isinstance(func.value, ast.Name) and func.value.id == "re" and func.attr in METHODS:
        yield from _compiled(func.attr, _value(node.args[0], module))
    elif isinstance(func.value, ast.Attribute) and func.value.attr == "str":
        plain = any(
            word.arg == "regex" and _value(word.value, module) is False for word in node.keywords
        )
        if func.attr in OF_PANDAS and node.args and not plain:
            yield from _compiled(OF_PANDAS[func.attr], _value(node.args[0], module))


def _compiled(how: str, text: Any) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(text, (str, bytes, re.Pattern)):
        yield how, re.compile(text)


def _value(node: ast.expr, module: Any) -> Any:
    """What a constant or a module's name stands for."""
    try:
        return eval(compile(ast.Expression(node), "", "eval"), dict(vars(module)))
    except Exception:
        return None


def _grows(pattern: re.Pattern[Any], how: str) -> str | None:
    """The worst case that makes the expression slower than the text is longer, if there is one."""
    for beginning, pumped, end in _worst_cases(pattern):
        for size in SIZES:  # what grows faster than the square shows in the small ones
            short, long = (
                beginning + pumped * (length // len(pumped)) + end
                for length in (size, size * TIMES)
            )
            if _seconds(pattern, how, long, 1) < QUICK:
                continue
            if _is_steep(pattern, how, short, long):
                return f"{beginning!r} + {pumped!r} * n + {end!r}"
            break
    return None


def _is_steep(pattern: re.Pattern[Any], how: str, short: str, long: str) -> bool:
    return all(
        _seconds(pattern, how, long, tries) > MOST * _seconds(pattern, how, short, tries)
        for tries in (1, 3, 7)  # a machine that is busy is given another chance
    )


def _seconds(pattern: re.Pattern[Any], how: str, text: str, tries: int) -> float:
    """The least of some measurements, in seconds of this thread alone."""
    given: Any = text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text
    least = float("inf")
    for _ in range(tries):
        began = time.thread_time()
        if how == "sub":
            pattern.sub("" if isinstance(given, str) else b"", given)
        elif how == "finditer":
            list(pattern.finditer(given))
        else:
            getattr(pattern, how)(given)
        least = min(least, time.thread_time() - began)
    return max(least, 2e-6)


def _worst_cases(pattern: re.Pattern[Any]) -> Iterator[tuple[str, str, str]]:
    text = pattern.pattern
    tree = parser.parse(text, pattern.flags & ~re.DEBUG)
    heads, letters = set(), set()
    _samples(list(tree), "", heads, letters)
    pumps = [*sorted(letters), *(a + b for a, b in itertools.permutations(sorted(letters), 2))]
    for beginning in sorted(heads, key=lambda text: (len(text), text))[:10]:
        for pumped in pumps[:24]:
            for end in ("\x00", "\n\x00"):
                yield beginning, pumped, end


def _samples(items: list[Any], before: str, heads: set[str], letters: set[str]) -> str:
    """One text that the items take; on the way, what stands before each repetition."""
    for kind, what in items:
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, inner = what
            if most > 50:
                heads.add(before)
                letters |= _members(inner)
            once = _samples(list(inner), before, heads, letters)
            before += once[len(before) :] * least
        elif kind is sre.SUBPATTERN:
            before = _samples(list(what[-1]), before, heads, letters)
        elif kind is sre.BRANCH:
            taken = [_samples(list(branch), before, heads, letters) for branch in what[1]]
            before = taken[0]
        elif kind is sre.ATOMIC_GROUP:
            before = _samples(list(what), before, heads, letters)
        elif kind not in (sre.ASSERT, sre.ASSERT_NOT, sre.AT):
            before += next(iter(sorted(_members([(kind, what)]))), "")
    return before


ALPHABET = "a0 .,;-_/'(\n\t[+:A1&#@\"<"


def _members(items: Any) -> set[str]:
    """Some characters that the items take, one of each sort."""
    found: set[str] = set()
    for kind, what in items:
        if kind is sre.LITERAL:
            found.add(chr(what))
        elif kind in (sre.IN, sre.ANY, sre.NOT_LITERAL, sre.CATEGORY):
            one = parser.SubPattern(parser.State(), [(kind, what)])
            matcher = re._compiler.compile(one) if kind is not sre.CATEGORY else None
            taken = [c for c in ALPHABET if matcher is None or matcher.fullmatch(c)]
            found |= set(taken[:4])
            found |= {chr(w) for k, w in (what if kind is sre.IN else []) if k is sre.LITERAL}
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            found |= _members(what[2])
        elif kind is sre.SUBPATTERN:
            found |= _members(what[-1])
        elif kind is sre.BRANCH:
            for branch in what[1]:
                found |= _members(branch)
    return found


@pytest.mark.parametrize(("pattern", "how"), _ids())
def test_an_expression_takes_time_as_the_text_is_long(pattern, how):
    worst = _grows(pattern, how)
    assert worst is None, f"{pattern.pattern!r} goes back over {worst}"
