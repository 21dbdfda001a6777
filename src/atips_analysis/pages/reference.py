"""A reference of Python names, read from the code: what there is, and what each docstring says."""

from __future__ import annotations

import inspect
import re
from types import FunctionType, ModuleType
from typing import Any

import pandas as pd

from atips_analysis.pages.prose import Words
from atips_analysis.pages.text import SPECIAL

DOCUMENTED = (FunctionType, type, ModuleType, property)
"""What has a docstring of its own."""

LINE = 84
"""Letters of a call, without its name, that fit a line."""


def names_table(thing: Any) -> pd.DataFrame:
    """The public names of a module or a class with what each is, a row a name.

    Parameters
    ----------
    thing : module or class
        Of a module with ``__all__`` the names there, of another its own functions; of a class its
        methods and properties.

    Returns
    -------
    DataFrame
        Name; What it is (the first paragraph of its docstring). Constants, and names without
        a docstring, are left out.
    """
    rows = []
    for name in getattr(thing, "__all__", None) or _own_names(thing):
        one = inspect.getattr_static(thing, name)
        text = inspect.getdoc(one) or ""
        if text and isinstance(one, DOCUMENTED):
            rows.append((name, " ".join(text.partition("\n\n")[0].replace("`", "").split())))
    return pd.DataFrame(rows, columns=["Name", "What it is"])


def _own_names(thing: Any) -> list[str]:
    """The functions that are defined in a module, or what a class can be asked for."""
    if inspect.ismodule(thing):
        here = thing.__name__
        own = [name for name, one in vars(thing).items() if getattr(one, "__module__", "") == here]
    else:
        own = dir(thing)
    called = (FunctionType, property)
    return [
        name
        for name in own
        if not name.startswith("_") and isinstance(inspect.getattr_static(thing, name), called)
    ]


def function_reference(function: FunctionType, name: str) -> Words:
    """A function as its page of reference: how it is called, what it does, what it takes and gives.

    Parameters
    ----------
    function : function
        Its signature and docstring are shown.
    name : str
        How it is called, such as ``atips.indicator``.
    """
    first, _, rest = (inspect.getdoc(function) or "").partition("\n\n")
    parts = [
        f"``` python\n{name}{_wrapped(inspect.signature(function))}\n```",
        _with_code(" ".join(first.split())),
    ]
    return Words("\n\n".join([*parts, *([f"``` text\n{rest}\n```"] if rest else [])]))


def _with_code(text: str) -> str:
    """A line of a docstring as Markdown: what stands between backticks stays code."""
    parts = text.split("`")
    return "`".join(
        part if at % 2 and len(parts) % 2 else SPECIAL.sub(r"\\\1", part)
        for at, part in enumerate(parts)
    )


def _wrapped(signature: inspect.Signature) -> str:
    """A call as it is written; one that is too long for a line has a parameter a line."""
    text = _unquoted(str(signature))
    if len(text) <= LINE:
        return text
    parts: list[str] = []
    for one in signature.parameters.values():
        if one.kind is one.KEYWORD_ONLY and not any(part.startswith("*") for part in parts):
            parts.append("*")
        parts.append(_unquoted(str(one)))
    bare = _unquoted(str(signature.replace(return_annotation=signature.empty)))
    gives = text.removeprefix(bare)
    return "(\n" + "".join(f"    {part},\n" for part in parts) + f"){gives}"


def _unquoted(text: str) -> str:
    """Types as they stand in the code, which Python keeps as texts."""
    return re.sub(r"(: |-> )'([^']*)'", r"\1\2", text)
