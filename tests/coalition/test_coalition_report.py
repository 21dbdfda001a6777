"""The Coalition's folder: pages in both languages, table and SDMX, a draft that bears its marks."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from atips_analysis.cli import run
from atips_analysis.coalition.regional_report import make_regional_report
from atips_analysis.pages.region import read_region
from atips_analysis.project import find_project
from atips_analysis.render import quarto

HOUSE = find_project(Path(__file__))
ALL = {
    *(f"coalition-{lang}.{form}" for lang in ("en", "es") for form in ("html", "pdf")),
    *("coalition.csv", "coalition.json", "manifest.json"),
    *("sdmx/coalition-simulated.csv", "sdmx/structure.json"),
}


def text_of(page):
    """What a page says, without its marks."""
    body = re.sub(r"(?s)<(script|style).*?</\1>", "", page.read_text(encoding="utf-8"))
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """The house's project without its data: what a secretariat works in."""
    root = tmp_path_factory.mktemp("secretariat")
    (root / "data").mkdir()
    for name in ("notebooks", "_extensions", "expectations"):
        (root / name).symlink_to(HOUSE.root / name)
    for name in ("council", "framework", "published"):
        (root / "data" / name).symlink_to(HOUSE.data / name)
    return root


@pytest.fixture(scope="module")
def damaged(tmp_path_factory, files):
    file = tmp_path_factory.mktemp("damaged") / "half.zip"
    file.write_bytes(files[0].read_bytes()[:50_000])
    return file


@pytest.fixture(scope="module")
def answered(house, files, damaged, tmp_path_factory):
    """The exit code, what was said, and the folder: four packs and a damaged one."""
    import contextlib
    import io

    out, said = tmp_path_factory.mktemp("reports"), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(said):
        patch.chdir(house)
        named = [str(file) for file in (*files, damaged)]
        code = run(["coalition", *named, "--out", str(out), "--renderer", "embedded"])
    return code, said.getvalue(), out / "coalition-2024-simulated"


@pytest.fixture(scope="module")
def folder(answered):
    return answered[2]


def test_what_is_left_out_is_named_the_rest_is_made_and_the_exit_code_says_so(answered):
    code, said, folder = answered
    assert code == 1
    first, *rest = said.splitlines()
    assert first.startswith("left out: half.zip: not a pack")
    assert "4 countries (QMX, QNX, QQX, QTX), from SIMULATED records" in rest[0]
    assert {file.relative_to(folder).as_posix() for file in folder.rglob("*.*")} == ALL
    for lang in ("en", "es"):
        assert "half.zip" in text_of(folder / f"coalition-{lang}.html")


def test_the_page_says_of_each_pack_that_nobody_signed_it(folder):
    assert text_of(folder / "coalition-en.html").count("not signed") == 4
    assert text_of(folder / "coalition-es.html").count("sin firmar") == 4


def test_every_page_is_a_draft_from_simulated_records_without_issuing_body(folder):
    body = HOUSE.profile["council"]["issuing_body_en"]
    english, spanish = (text_of(folder / f"coalition-{lang}.html") for lang in ("en", "es"))
    assert "SIMULATED RECORDS – not CORETT’s data" in english and "Draft" in english
    assert "REGISTROS SIMULADOS" in spanish and "Borrador" in spanish
    assert body not in english
    assert json.loads((folder / "manifest.json").read_text("utf-8"))["state"] == "draft"


def test_it_says_what_every_publication_says_of_itself(folder):
    english, spanish = (text_of(folder / f"coalition-{lang}.html") for lang in ("en", "es"))
    for words in (
        "Release date not set; next release: not set",
        "Contact",
        "Licence",
        "How to cite",
    ):
        assert words in english, words
    for words in ("Fecha de publicación", "Contacto", "Licencia", "Cómo citar"):
        assert words in spanish, words


def test_quarto_itself_says_on_the_coalition_s_pages_what_the_embedded_renderer_says(
    folder, house, files, damaged, tmp_path, monkeypatch
):
    found = quarto.verdict()
    if not found.works:
        pytest.skip(f"{found.why}: the Coalition's pages are not compared with Quarto's")
    monkeypatch.chdir(house)
    named = [str(file) for file in (*files, damaged)]
    assert run(["coalition", *named, "--out", str(tmp_path), "--renderer", "quarto"]) == 1
    for lang, renderer in (("en", "Renderer"), ("es", "Programa de composición")):
        pages = [each / f"coalition-{lang}.html" for each in (folder, tmp_path / folder.name)]
        own, other = (text_of(page).partition(renderer) for page in pages)
        assert own[0] == other[0] and "Quarto" in other[2] and "Quarto" not in own[2]


def test_the_page_and_the_table_print_the_same_sums(folder):
    region = read_region(folder, HOUSE)
    page = text_of(folder / "coalition-en.html")
    added = region.cell("REGION", "PROT-01", 2024, "VICTIM", statistic="count")
    low, high = added.hidden_range
    assert f"{low:g}–{high:g}" in page
    cases = region.cell("REGION", "PROS-01", 2024, "CASE", statistic="count")
    assert cases.value == sum(
        region.cell(area, "PROS-01", 2024, "CASE", statistic="count").value
        for area in region.countries
    )
    assert f"{cases.value:g}" in page


def test_no_hidden_count_has_a_number_in_the_table_or_in_sdmx(folder):
    rows = list(csv.DictReader((folder / "coalition.csv").open(encoding="utf-8")))
    hidden = [row for row in rows if row["status"] == "C"]
    assert hidden and not any(row["value"] or row["numerator"] for row in hidden)
    assert any(row["low"] and row["high"] for row in hidden if row["ref_area"] == "REGION")
    observations = list(
        csv.DictReader((folder / "sdmx" / "coalition-simulated.csv").open(encoding="utf-8"))
    )
    assert len(observations) == len(rows)
    for row, observation in zip(rows, observations, strict=True):
        assert observation["OBS_VALUE"] == row["value"]
        assert (observation["CONF_STATUS"] == "C") == (row["status"] == "C")
        assert (observation["LOW"], observation["HIGH"]) == (row["low"], row["high"])


def test_sdmx_is_read_by_others_with_the_country_as_a_dimension(folder):
    pysdmx = pytest.importorskip("pysdmx.io")
    sdmx = folder / "sdmx"
    (data,) = pysdmx.get_datasets(
        str(sdmx / "coalition-simulated.csv"), str(sdmx / "structure.json")
    )
    assert set(data.data["REF_AREA"]) == {"QMX", "QNX", "QQX", "QTX", "_T"}
    structure = json.loads((sdmx / "structure.json").read_text(encoding="utf-8"))["data"]
    (areas,) = [one for one in structure["codelists"] if one["id"] == "CL_REF_AREA"]
    assert {"en": "Bahía Larga", "es": "Bahía Larga"} in [code["names"] for code in areas["codes"]]
    assert structure["dataflows"][0]["id"] == "DF_TIP_COALITION_SIMULATED"


def test_the_same_packs_give_the_same_bytes_in_whatever_order_they_are_named(
    house, files, damaged, folder, tmp_path, monkeypatch
):
    monkeypatch.chdir(house)
    made = make_regional_report([damaged, *reversed(files)], out=tmp_path, renderer="embedded")
    for name in ALL:
        assert (made.folder / name).read_bytes() == (folder / name).read_bytes(), name


def test_different_definitions_stand_side_by_side_on_the_page(
    house, made, maker, files, tmp_path, monkeypatch
):
    """A country whose register says something else of suspected cases."""
    import dataclasses
    import shutil

    one = made["QMX"]
    root = tmp_path / "project"
    shutil.copytree(one.project.root, root)
    register = root / "data" / "framework" / "indicators.csv"
    rows = list(csv.DictReader(register.open(encoding="utf-8", newline="")))
    for row in rows:
        if row["id"] == "PROS-01":
            row["definition"] = "Files opened by the police in the year."
            row["definition_es"] = "Expedientes que la policía abrió en el año."
    with register.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    other = tmp_path / "other.zip"
    project = dataclasses.replace(one.project, root=root)
    other.write_bytes(maker.seal(dataclasses.replace(one, project=project), tmp_path / "work"))
    monkeypatch.chdir(house)
    done = make_regional_report([other, *files[1:]], out=tmp_path / "out", renderer="embedded")
    for lang, words in (
        ("en", "Files opened by the police in the year."),
        ("es", "Expedientes que la policía abrió en el año."),
    ):
        assert words in text_of(done.folder / f"coalition-{lang}.html")
    region = read_region(done.folder, HOUSE)
    assert region.cell("REGION", "PROS-01", 2024, "CASE", statistic="count").value is None
    assert region.about["not_added"][0]["reason"] == "definition"


def test_nothing_is_left_half_written_where_a_pack_is_refused(house, files, tmp_path, monkeypatch):
    monkeypatch.chdir(house)
    assert run(["coalition", str(files[0]), "--out", str(tmp_path / "reports")]) == 2
    assert list((tmp_path / "reports").iterdir()) == []


@pytest.mark.whole
def test_nine_countries_make_a_region(house, maker, example_bank, tmp_path, monkeypatch):
    packs = []
    for country in maker.COUNTRIES:
        work = tmp_path / country.area
        packs.append(tmp_path / f"atips-2024-{country.area}.zip")
        packs[-1].write_bytes(maker.seal(maker.make(country, work, example_bank), work))
    monkeypatch.chdir(house)
    made = make_regional_report(packs, out=tmp_path / "reports", renderer="embedded")
    assert made.refused == () and len(made.packs) == 9
    assert made.withstood.hidden > 60 and made.withstood.sums > 200
    region = read_region(made.folder, HOUSE)
    assert len(region.everything("PROS")) >= 5
    for lang in ("en", "es"):
        page = text_of(made.folder / f"coalition-{lang}.html")
        assert all(country.name in page for country in maker.COUNTRIES)


def test_plain_papermill_runs_the_notebook_as_it_stands(house, folder, tmp_path, monkeypatch):
    """From the project's folder, without a parameter: it reads what the command made last."""
    from papermill import execute_notebook

    monkeypatch.chdir(house)
    monkeypatch.setenv("ATIPS_NOTEBOOK_PROJECT", str(house))
    out = tmp_path / "out.ipynb"
    notebook = house / "notebooks" / "coalition.ipynb"
    execute_notebook(notebook, out, {}, cwd=house, progress_bar=False)
    assert "tbl-packs" in out.read_text(encoding="utf-8")
