"""An indicator with a new breakdown is its row, its function, a row of the dimension table, one of
the publication plan and its words; what is missing of these is one line that says where to add it."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import dimension_dictionary, load_codebook, loader
from atips_analysis.disclosure.indicator_table import protect_table
from atips_analysis.errors import InputError
from atips_analysis.framework import load_indicators, publication_plan
from atips_analysis.framework.reference_sheet import reference_sheets
from atips_analysis.indicators import compute, declared, parse_period, registered
from atips_analysis.indicators import measure as room
from atips_analysis.indicators.declared import uncollected
from atips_analysis.indicators.measure import by
from atips_analysis.indicators.populations import victims_once
from atips_analysis.indicators.table import write_table
from atips_analysis.pages.edition import open_edition
from atips_analysis.pages.indicator_lines import indicator_lines
from atips_analysis.project import Project, find_project
from atips_analysis.release.pack_tables import pack_tables
from atips_analysis.release.sdmx import Artefacts, structure_message
from atips_analysis.render.reports_gate import check_public

HERE = find_project(Path(__file__).parent)
PERIODS = ("2023", "2024", "2023-2024")
ROW = {
    "id": "PROT-13",
    "name_en": "Victims by season",
    "name_es": "Víctimas por estación",
    "priority_area": "PROT",
    "level": "output",
    "definition": "Victims by the season in which they were identified.",
    "definition_es": "Víctimas por la estación en que fueron identificadas.",
    "unit": "victim",
    "formula": "count",
    "collected": "yes",
    "source_agency": "Department of Human Services",
    "means_of_verification": "case register",
    "frequency": "annual",
    "direction": "neutral",
    "disclosure_rule": "small-count rule (1–4 hidden, and what would give them away)",
    "baseline_status": "not available",
}
SEASON = ["season", "", "DRY; WET", "season", "estación"]
CATEGORIES = [
    ["season", "DRY", "1", "Dry season", "Estación seca"],
    ["season", "WET", "2", "Wet season", "Estación lluviosa"],
]


def append(file: Path, *rows: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    file.write_text(file.read_text("utf-8") + out.getvalue(), encoding="utf-8")


def by_season(bank, period) -> pd.DataFrame:
    """Victims, each once a year, by the season of their status."""
    rows = victims_once(bank, period)
    dry = rows["status_date"].str[5:].isin(["02", "03", "04", "05"])
    return rows.assign(season=dry.map({True: "DRY", False: "WET"}))


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project of our own, and a codebook of our own, as they are; with no measure more."""
    for name in ("framework", "published"):
        shutil.copytree(HERE.data / name, tmp_path / "data" / name)
    shutil.copytree(HERE.council, tmp_path / "data" / "council")
    shutil.copytree(loader.HERE, tmp_path / "codebook")
    room.measures()  # importing declares them: once for all, before ours comes in
    monkeypatch.setattr(loader, "HERE", tmp_path / "codebook")
    monkeypatch.setattr(room, "_MEASURES", list(room._MEASURES))
    monkeypatch.setattr(
        room,
        "load_publication_plan",
        lambda: publication_plan.load_publication_plan(Project(tmp_path)),
    )
    clear()
    yield Project(tmp_path)
    monkeypatch.undo()
    clear()


def clear() -> None:
    """What is read once is read again."""
    loader._load.cache_clear()
    publication_plan._load.cache_clear()


def add_function(**what: object) -> None:
    more = {"by": by("season"), "interval": "poisson", "same_as": {"value": "PROT-01 VICTIM"}}
    room.measure("PROT-13", "VICTIM", "count", "victims", **(more | what))(by_season)


def add_row(house: Project, **what: str) -> None:
    file = house.framework / "indicators.csv"
    columns = pd.read_csv(file, nrows=0).columns
    append(file, [(ROW | what).get(name, "") for name in columns])


def add_dimension(house: Project, *row: str) -> None:
    append(house.root / "codebook" / "dimensions.csv", list(row) or SEASON)
    append(house.root / "codebook" / "categories.csv", *CATEGORIES)
    loader._load.cache_clear()


def add_to_plan(house: Project, **what: str) -> None:
    row = {"indicator_id": "PROT-13", "unit_of_count": "VICTIM", "statistic": "count"}
    row |= {"by": "season", "periods": "every", "categories": "*"} | what
    append(
        house.framework / "publication_plan.csv",
        [row.get(name, "") for name in publication_plan.COLUMNS],
    )
    clear()


@pytest.fixture
def added(house: Project) -> Project:
    add_row(house)
    add_function()
    add_dimension(house)
    add_to_plan(house)
    return house


@pytest.fixture
def made(added: Project, invented) -> Path:
    """The public side of a build: thirty victims a year, four of them in the dry season of 2024."""
    dry = {2023: 12, 2024: 4}
    victims = [
        invented.victim(
            f"{n:016x}", identified_year=year, for_=year,
            status_date=f"{year}-{'03' if n < dry[year] else '09'}",
        )
        for year in (2023, 2024)
        for n in range(30)
    ]  # fmt: skip
    bank = invented.bank(victims=invented.frame("victims", *victims))
    raw = compute(
        bank,
        [parse_period(name) for name in PERIODS],
        [one.id for one in registered(added)],
        population=invented.population,
        vintage="0123456789ab",
    )
    folder = added.root / "public"
    write_table(protect_table(raw, added).table, folder / "indicators.csv")
    about = {"edition": "0123456789ab", "simulated": True, "year": 2024, "baseline": "2023-2024"}
    (folder / "build.json").write_text(json.dumps(about | {"version": "0"}), encoding="utf-8")
    return folder


def test_the_table_that_leaves_has_its_column_and_its_small_count_hidden(made: Path) -> None:
    table = pd.read_csv(made / "indicators.csv", dtype=str, keep_default_na=False)
    own = table[table["indicator_id"] == "PROT-13"].set_index(["period", "season"])
    assert own.loc[("2024", "Total"), "value"] == "30"
    assert own.loc[("2024", "DRY"), "status"] == "C", "four persons"
    assert "C" in set(own["status"]) and own.loc[("2024", "DRY"), "value"] != "4"
    assert set(own.index.get_level_values("season")) == {"Total", "DRY", "WET"}
    assert set(table.loc[table["indicator_id"] != "PROT-13", "season"]) == {"Total"}
    (made / "build.json").unlink()
    check_public(made)


def test_its_reference_sheet_says_in_spanish_what_is_computed_and_how(added: Project) -> None:
    sheet = dict(reference_sheets(added, declared(), "es")["PROT-13"])
    assert sheet["Nombre"] == "Víctimas por estación"
    assert sheet["Desagregaciones que se calculan"] == "Desagregaciones de cada período: estación."
    assert sheet["Incertidumbre"] == (
        "intervalo gamma de Fay y Feuer, según el factor de diseño de la edición"
    )
    assert sheet["Tipo de valor"] == "recuento"


def test_pages_name_its_categories_in_each_language_and_list_it(made: Path, added: Project) -> None:
    spanish = open_edition(made, project=added.root, lang="es")
    seasons = spanish.across("PROT-13", [2023, 2024], "season")
    assert seasons[""].tolist() == ["Estación seca", "Estación lluviosa", "Total"]
    assert seasons["2024"].iloc[0].status == "C"
    lines = indicator_lines(open_edition(made, project=added.root)).set_index("indicator")
    assert lines.loc["PROT-13", "line"].startswith("PROT-13 Victims by season")


def test_the_pack_and_sdmx_have_it_with_its_labels(made: Path, added: Project) -> None:
    edition = open_edition(made, project=added.root)
    (made / "quality.json").write_text("{}", encoding="utf-8")
    tables = {
        table.name: table.frame
        for table in pack_tables(edition, made / "indicators.csv", made / "quality.json")
    }
    assert "Estación seca" in set(tables["PROT-13"]["category_es"])
    codes = pd.read_csv(made / "indicators.csv", dtype=str, keep_default_na=False)
    told = json.loads(
        structure_message(
            codes, edition, Artefacts(2024, 1, True, "XX_COUNCIL"), datetime(2025, 1, 1)
        )
    )["data"]
    names = {one["id"]: one["names"] for one in told["conceptSchemes"][0]["concepts"]}
    assert names["SEASON"] == {"en": "Season", "es": "Estación"}
    lists = {one["id"]: one["codes"] for one in told["codelists"]}
    assert {"en": "Wet season", "es": "Estación lluviosa"} in [
        code["names"] for code in lists["CL_SEASON"]
    ]


def test_the_data_dictionary_has_its_dimension(added: Project) -> None:
    rows = dimension_dictionary(load_codebook(), "es").set_index("dimension")
    assert rows.loc["season"].tolist() == [
        "estación", "", "DRY Estación seca; WET Estación lluviosa"
    ]  # fmt: skip


def test_a_measure_by_what_is_no_dimension_names_its_function_and_the_table(
    house: Project,
) -> None:
    add_row(house)
    add_function()
    line = by_season.__code__.co_firstlineno
    with pytest.raises(InputError) as raised:
        registered(house)
    assert str(raised.value) == (
        f"test_indicators_adding.py, line {line}: measure PROT-13 count is broken down by season, "
        "which is no dimension; add its row to codebook/dimensions.csv"
    )


def test_a_function_without_a_row_and_a_row_without_a_function_are_named(house: Project) -> None:
    add_row(house)
    last = len(load_indicators(house)) + 1
    with pytest.raises(InputError, match=f"indicators.csv, row {last}: PROT-13 is collected, and"):
        registered(house)
    add_dimension(house)
    add_function()
    assert registered(house)[-1].id == "PROT-13"
    file = house.framework / "indicators.csv"
    file.write_text("".join(file.read_text("utf-8").splitlines(True)[:-1]), encoding="utf-8")
    with pytest.raises(InputError, match="measure PROT-13 count has no row in data/framework/ind"):
        registered(house)
    add_row(house, collected="no")
    assert "PROT-13" in uncollected(house)


def test_a_measure_of_an_unknown_unit_or_by_three_dimensions_is_named(house: Project) -> None:
    add_row(house)
    add_dimension(house)
    add_function(by=by("season x sex x form"))
    with pytest.raises(InputError, match="by season x sex x form; at most 2 dimensions"):
        registered(house)
    room._MEASURES.pop()
    room.measure("PROT-13", "GHOST", "count", "victims")(by_season)
    with pytest.raises(InputError, match="counts GHOST, which is no unit; add it to codebook/code"):
        registered(house)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (["season", "", "DRY", "season", ""], "dimension season has no label_es; fill it in"),
        (["season", "seasons", "", "season", "estación"],
         "names the code list 'seasons', which is not there; add codebook/codelists/seasons.csv"),
        (["season", "", "MONSOON", "season", "estación"],
         "dimension season has no category MONSOON; name it in codebook/categories.csv"),
        (["sex", "sex", "", "sex", "sexo"], "dimension 'sex' stands twice; keep one row"),
        (["the season", "", "", "season", "estación"], "is no name; write letters and _"),
    ],
)  # fmt: skip
def test_a_wrong_row_of_the_dimension_table_is_named_with_its_line(
    house: Project, row: list[str], what: str
) -> None:
    add_dimension(house, *row)
    last = len((house.root / "codebook" / "dimensions.csv").read_text("utf-8").splitlines())
    with pytest.raises(InputError) as raised:
        load_codebook()
    assert str(raised.value).startswith(f"codebook/dimensions.csv, row {last}: ")
    assert what in str(raised.value)


def test_a_dimension_without_any_category_and_a_category_of_none_are_named(house: Project) -> None:
    append(house.root / "codebook" / "dimensions.csv", ["season", "", "", "season", "estación"])
    loader._load.cache_clear()
    with pytest.raises(InputError, match="dimension season has no category; name its code list"):
        load_codebook()
    file = house.root / "codebook" / "dimensions.csv"
    file.write_text("".join(file.read_text("utf-8").splitlines(True)[:-1]), encoding="utf-8")
    append(house.root / "codebook" / "categories.csv", *CATEGORIES)
    with pytest.raises(InputError, match=r"categories.csv, row \d+: season is no dimension; add"):
        load_codebook()


def test_a_category_that_nothing_names_is_named_with_its_measure(added: Project, invented) -> None:
    file = added.root / "codebook" / "categories.csv"
    lines = file.read_text("utf-8").splitlines(True)
    file.write_text("".join(line for line in lines if ",WET," not in line), encoding="utf-8")
    dimensions = added.root / "codebook" / "dimensions.csv"
    dimensions.write_text(dimensions.read_text("utf-8").replace("DRY; WET", "DRY"), "utf-8")
    clear()
    victim = invented.victim("a" * 16, status_date="2024-09")
    bank = invented.bank(victims=invented.frame("victims", victim))
    with pytest.raises(InputError, match="PROT-13 count by season gives WET, which neither the c"):
        compute(bank, [parse_period("2024")], ["PROT-13"], population=invented.population)


def test_a_word_that_no_row_of_the_terms_has_is_named(house: Project) -> None:
    add_row(house, means_of_verification="weather diary")
    with pytest.raises(InputError, match=r"terms.csv: 'weather diary' stands in indicators.csv"):
        reference_sheets(house, declared(), "es")


def test_the_register_of_the_project_is_left_as_it_was() -> None:
    assert "PROT-13" not in {one.id for one in load_indicators(HERE)}
    assert "season" not in load_codebook().dimensions
