"""The publication plan: what is wrong in it is one line, and no category tells by being there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.errors import InputError
from atips_analysis.framework.publication_plan import FILE, load_publication_plan
from atips_analysis.indicators import measures, registered
from atips_analysis.project import Project, find_project

OURS = find_project(Path(__file__).parent)
SEX = "PROT-01,VICTIM,count,sex,pooled,F; M_OU,,"


@pytest.fixture
def house(tmp_path: Path) -> Project:
    for name in ("framework", "published", "council"):
        shutil.copytree(OURS.data / name, tmp_path / "data" / name)
    return Project(tmp_path)


def written(house: Project, old: str, new: str) -> int:
    """The plan with one row otherwise, and the number of that row."""
    file = house.framework / "publication_plan.csv"
    lines = file.read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(old))
    lines[at] = new
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return at + 1


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("PROT-01,VICTIM,count,sex,pooled,F; W,,", "'W' is no category of sex; write one of F, M,"),
        ("PROT-01,VICTIM,count,gender,pooled,*,,", "'gender' is no dimension; write one of"),
        ("PROT-01,VICTIM,count,sex,yearly,*,,", "periods is 'yearly'; write every or pooled"),
        ("PROT-01,VICTIM,count,sex,pooled,F; M,,", "U, O of sex is neither listed nor merged;"),
        ("PROT-01,VICTIM,count,sex,pooled,F; M; M_OU,,", "M of sex stands twice; list or merge"),
        ("PROT-01,VICTIM,count,sex,pooled,F; M; U,O,", "never occur without a reason; fill in why"),
        ("PROT-01,VICTIM,count,sex x form,pooled,*,,", "categories has 1 lists for 2 dimensions;"),
        ("PROT-99,VICTIM,count,sex,pooled,*,,", "PROT-99 has no measure; name another indicator"),
        ("PROT-01,CASE,count,sex,pooled,*,,", "there is no measure PROT-01 CASE count; write one"),
        ("PROT-01,VICTIM,count,sector,pooled,*,,", "PROT-01 count cannot be broken down by sector"),
        ("PROT-01,VICTIM,count,sex x form,every,* x *,,", "two characteristics of persons are"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_the_plan_is_named_with_its_row_before_anything_is_built(
    house: Project, row: str, what: str
) -> None:
    at = written(house, "PROT-01,VICTIM,count,sex", row)
    with pytest.raises(InputError) as raised:
        registered(house)
    assert str(raised.value).startswith(f"{FILE}, row {at}: ")
    assert what in str(raised.value)


def test_every_code_of_a_table_of_persons_is_listed_or_merged_or_cannot_occur() -> None:
    dimension = load_codebook(OURS).dimension
    for measure in measures():
        for table in measure.planned:
            for name in table.by if measure.persons else ():
                held = {c for one in table.listed(name) for c in dimension(name).within(one)}
                left = set(dimension(name).codes) - held - set(table.never)
                assert not left or "*" in table.never, (measure.name, name, left)


def test_the_plan_is_the_same_whatever_is_in_the_data() -> None:
    text = (OURS.root / FILE).read_text("utf-8")
    assert load_publication_plan(OURS) == load_publication_plan(OURS)
    assert not {"2021", "2022", "2023", "2024"} & set(text.replace(",", " ").split())
    assert load_codebook(OURS).country not in text


def test_every_row_of_the_plan_is_read_once() -> None:
    rows = pd.read_csv(OURS.root / FILE)
    tables = [table for own in load_publication_plan(OURS).values() for table in own]
    assert sorted(table.row for table in tables) == list(range(2, len(rows) + 2))
