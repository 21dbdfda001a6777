"""Mid-year population by sex and age group: the denominators of rates."""

from __future__ import annotations

import pandas as pd

from atips_analysis.errors import InputError
from atips_analysis.framework.register_files import numbers_of, read_framework_table
from atips_analysis.project import Project
from atips_analysis.published.sources import the_file

SEX = {"total": "Total", "female": "F", "male": "M"}
AGE = {"all": "Total", "0-17": "CHILD", "18+": "ADULT"}


def mid_year_population(project: Project) -> pd.DataFrame:
    """year, sex (F, M, Total), age_group (CHILD, ADULT, Total), persons.

    Levels are those of the source that the profile names for rates. The split by sex and age
    is of an older revision, so that only its shares are used: level x share.
    """
    path = the_file(project, "population_*.csv")
    table = read_framework_table(
        path, columns=["year", "area", "sex", "age_group", "value", "source_id"]
    )
    country = project.profile["country"]
    table = table[table["sex"].isin(SEX) & table["age_group"].isin(AGE)]
    table = table[table["area"].str.endswith("(country)")]
    table = table.assign(
        year=numbers_of(table, "year", path).astype(int),
        sex=table["sex"].map(SEX),
        age_group=table["age_group"].map(AGE),
        persons=numbers_of(table, "value", path, whole=False).astype(float),
    )
    key = ["year", "sex", "age_group"]
    whole = ("Total", "Total")
    level = table[table["source_id"] == country["population_source"]].set_index(key)["persons"]
    split = table[table["source_id"] == country["share_source"]].set_index(key)["persons"]
    if level.empty and len(table):
        raise InputError(
            f"no row of {country['population_source']}, the source named in "
            "data/council/profile.toml; add its rows, or name there the source that has rows",
            file=f"data/published/{path.name}",
        )
    rows = []
    for (year, sex, age), persons in level.items():
        rows.append((year, sex, age, persons))
        for (other, part_sex, part_age), part in split.items():
            if other == year and (part_sex, part_age) != whole:
                share = part / split[(year, *whole)]
                rows.append((year, part_sex, part_age, persons * share))
    return pd.DataFrame(rows, columns=[*key, "persons"]).sort_values(key, ignore_index=True)
