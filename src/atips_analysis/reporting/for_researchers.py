"""The page for researchers: quick start, reference from docstrings, how to cite, how to add."""

from __future__ import annotations

import csv
import inspect
import re
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType

import pandas as pd
import yaml

from atips_analysis import research
from atips_analysis.codebook import load_codebook
from atips_analysis.indicators import DIMENSIONS
from atips_analysis.project import Project, find_project
from atips_analysis.reporting import page
from atips_analysis.reporting.text import escape_markdown

ADDING = {
    "An indicator": (
        "One row in `data/framework/indicators.csv`. These columns must be filled: `id`, names, "
        "definitions and `unit` in words, `unit_of_count` (a code), `formula`, `priority_area` "
        "(PREV, PROT, PROS, PART), `level`, `direction`, `frequency`; where a word is not one of "
        "those allowed, the message lists them.",
        "One function in `src/atips_analysis/indicators/` (`prevention.py`, `protection.py`, "
        "`prosecution.py` or `partnership.py`) under `@measure(…)`, which says unit, statistic, "
        "streams and breakdowns. It gets the data bank and a period, and returns one row a unit "
        "counted, with a column for each breakdown. Its docstring's first line says what it "
        "counts. Counting, intervals and protection follow from what is declared.",
        "`same_as` names counts elsewhere that a reader knows to be the same, or larger ones that "
        "hold it (`within`): protection ties them. Leave one out, and a hidden number may be worked "
        "out from the two.",
        "One test in `tests/indicators/`: a few invented rows, and the number that they must give.",
        '`atips.indicator("PROT-13", bank, 2024)` answers at once; `atips build` puts it into the '
        "table, the annual report's annex and the pack.",
    ),
    "A breakdown": (
        "Add it to `by` (every period) or `by_pooled` (pooled years only) of the measure, as in "
        '`by("sex", "sex x form")`. The function must return the column.',
        "`atips build` protects it with everything else; look at what it costs: a further table "
        "hides numbers of the others.",
    ),
    "A stream": (
        "One row in `src/atips_analysis/codebook/streams.csv`, and a row a column in "
        "`src/atips_analysis/codebook/columns.csv`: name, type, code list, whether it is required, "
        "sensitivity, labels and help "
        "in each language. Forms, reading, cleaning and the data dictionary follow from these.",
        "New code lists as files in `src/atips_analysis/codebook/codelists/`; other spellings in "
        "`synonyms/` beside it.",
        "A suite in `expectations/`, one JSON file of the stream's name: what a row must be, with "
        "the words for the agency.",
        "An indicator that uses it; a stream that nobody reads is not worth an agency's time.",
    ),
    "A notebook": (
        "`atips new-analysis NAME` makes `notebooks/research/NAME.ipynb`, which runs as it is, and "
        "registers it in `notebooks/pages.csv`: the next build runs it, renders it and lists it.",
        "It reads the protected table of a build (`inputs`), so that its page may be published. A "
        "notebook that opens the data bank instead is for the house: see the section on what is "
        "protected.",
        "A notebook stays thin: parameters, one call a section, words. What it says with numbers "
        "goes into a module beside the others in `src/atips_analysis/reporting/`, with its tests.",
        "Every parameter is `name: type = value  # meaning`, on a line of its own. The first call "
        "checks ranges and stops with one line.",
        "It shows Markdown and nothing else: `atips.show(frame, caption)` for a table, `page.say` "
        "for words, a saved picture with an alternative text for a figure.",
    ),
    "A language": (
        "A catalogue: a copy of `src/atips_analysis/locale/atips.pot` as "
        "`locale/xx/LC_MESSAGES/atips.po` beside it, translated in any editor of gettext files; its "
        "header names whose numbers and dates it takes (`Language: fr`).",
        "Labels: a column `label_xx` (and `help_xx`) in the tables of "
        "`src/atips_analysis/codebook/`, and `_xx` beside the names and definitions in "
        "`data/framework/` and `data/profile.toml`.",
        "A row in `notebooks/pages.csv` for each page in it, and "
        "`python -m atips_analysis.quality`, which writes the words for agencies.",
        "What is marked fuzzy in a catalogue nobody has read yet: its pages say so, and are left "
        "out of releases, until `atips translation` is told who read it.",
    ),
    "A country": (
        "One `data/profile.toml`: names, codes, districts, agencies, committees, partners, reporting "
        "lines, languages, the threshold of protection.",
        "Its districts, agencies and audiences as code lists in the codebook; its population and its "
        "published figures in `data/published/`, each with its source; the register of public "
        "figures in `data/framework/public_figures.csv`, emptied of Belize's.",
        "The pages that are about Belize's published figures (`research/published-sources`, the "
        "back test of the 2024 report) come out of `notebooks/pages.csv`, or are written anew.",
        "The made-up submissions of `example/` are of the country that this was made for, and stay "
        "as an example.",
        "Its own data bank: editions of two countries are never mixed, and each has its own key for "
        "pseudonyms.",
    ),
}


@dataclass(frozen=True)
class Guide:
    """What the page is made from."""

    project: Project


def open_guide(project: Path) -> Guide:
    """The page's data: the code and the registers, no record."""
    return Guide(find_project(Path(project)))


def dictionary(guide: Guide) -> None:
    """The streams, and where every column is explained."""
    codebook = load_codebook()
    rows = [
        [stream.label_en, name, len(stream.columns)] for name, stream in codebook.streams.items()
    ]
    pages = guide.project.notebooks / "pages.csv"
    with pages.open(encoding="utf-8", newline="") as file:
        known = {row["name"] for row in csv.DictReader(file)}
    link = next((name for name in sorted(known) if name.startswith("data-dictionary")), "")
    where = f"[The data dictionary]({link}.html) explains every column and code. " if link else ""
    page.say(
        f'{where}In Python, `atips.dictionary()` gives it as a frame (`atips.dictionary("es")` in '
        "Spanish). Months stand for days, districts for villages, keyed codes for persons; there is "
        "no free text about anybody."
    )
    page.show_table(
        pd.DataFrame(rows, columns=["Stream", "Name in code", "Columns"]),
        "The streams of the data bank",
        "tbl-streams",
    )


def questions(guide: Guide) -> None:
    """Every measure that `indicator` can be asked for."""
    table = research.measures()
    table = table.assign(
        pooled=table["pooled_over_years"].map({True: "yes", False: "no"}),
        what=table["about"].str.replace("`", "") + " " + _counted(table) + ".",
    )
    page.show_table(
        table[["indicator_id", "what", "by", "by_pooled", "pooled"]].rename(
            columns={
                "indicator_id": "Code",
                "what": "What it is",
                "by": "Published by",
                "by_pooled": "Of pooled years also by",
                "pooled": "Pooled over years",
            }
        ),
        "What can be asked for: `atips.measures()`",
        "tbl-measures",
        widths=[10, 40, 22, 18, 10],
        align="lllll",
    )
    page.say(
        "Dimensions are written as in code: "
        + ", ".join(f"`{name}`" for name in DIMENSIONS)
        + ". A table of persons has two at most, and two only over pooled years."
    )


def _counted(table: pd.DataFrame) -> pd.Series:
    """Unit and statistic of each measure; a score has no unit."""
    unit = ("Unit: " + table["unit_of_count"] + ", ").where(table["unit_of_count"] != "", "Unit: ")
    return unit + table["statistic"]


def schema(guide: Guide) -> None:
    """The columns of what `indicator` gives."""
    page.show_table(
        pd.DataFrame(
            [(name, what.replace("`", "")) for name, what in research.SCHEMA.items()],
            columns=["Column", "What it holds"],
        ),
        "Columns of a frame that `atips.indicator` gives",
        "tbl-schema",
        widths=[22, 78],
    )


def _with_code(text: str) -> str:
    """A line of a docstring as Markdown: what stands between backticks stays code."""
    parts = text.split("`")
    return "`".join(
        part if at % 2 and len(parts) % 2 else escape_markdown(part)
        for at, part in enumerate(parts)
    )


def reference(guide: Guide) -> None:
    """Every public name with its signature and docstring, as the code has them."""
    for name in research.__all__:
        thing = getattr(research, name)
        if not isinstance(thing, FunctionType):
            continue
        text = inspect.getdoc(thing) or ""
        first, _, rest = text.partition("\n\n")
        signature = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(thing)))
        body = f"\n\n``` text\n{rest}\n```" if rest else ""
        page.say(
            f"## {name} {{#sec-api-{name.replace('_', '-')}}}",
            f"``` python\natips.{name}{_wrapped(signature)}\n```",
            _with_code(first) + body,
        )


def cite(guide: Guide) -> None:
    """How to cite, from CITATION.cff."""
    found = yaml.safe_load((guide.project.root / "CITATION.cff").read_text(encoding="utf-8"))
    authors = ", ".join(author["name"] for author in found["authors"])
    page.say(
        f"> {authors[:1].upper() + authors[1:]}. *{found['title']}*. Version {found['version']}. "
        f"{found['license']} licence.",
        "Name the edition of the data bank beside it, such as “edition 0123456789ab”: the same "
        "edition and the same version give the same numbers. Editions are never changed; "
        "`atips databank list` has those that there are, and `atips databank diff` says what "
        "differs between two. Figures that others published are cited by their own source, as each "
        "page names it. `CITATION.cff` in the project holds the same for reference managers.",
    )


def adding(guide: Guide) -> None:
    """What to do to add an indicator, a stream, a notebook, a language, a country."""
    for title, steps in ADDING.items():
        page.say(f"## {title}")
        page.say("\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1)))


def _wrapped(signature: str, width: int = 84) -> str:
    """A long signature with a parameter a line."""
    if len(signature) <= width:
        return signature
    inside, _, after = signature[1:].rpartition(")")
    depth, parts, part = 0, [], ""
    for letter in inside:
        depth += (letter in "([") - (letter in ")]")
        if letter == "," and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += letter
    parts.append(part.strip())
    return "(\n" + "".join(f"    {one},\n" for one in parts if one) + f"){after}"
