"""What is wrong in the officer's files is one line with file, row and what to do, at once."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook, load_partners
from atips_analysis.codebook.council import districts_on_the_map, read_council
from atips_analysis.codebook.dictionary import dictionary
from atips_analysis.codebook.dimension_table import dimensions_of
from atips_analysis.errors import InputError
from atips_analysis.example import read_scenario
from atips_analysis.framework import load_targets
from atips_analysis.project import Project, find_project
from atips_analysis.published.mappings import load_cells, load_countries

HOUSE = find_project(Path(__file__).parent)
COUNCIL, PROFILE = "data/council", "data/council/profile.toml"


@pytest.fixture
def house(tmp_path: Path) -> Project:
    for name in ("council", "framework", "published", "simulator"):
        shutil.copytree(HOUSE.data / name, tmp_path / "data" / name)
    return Project(tmp_path)


def change(house: Project, file: str, old: str, new: str) -> None:
    path = house.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def said(read: object) -> str:
    with pytest.raises(InputError) as refused:
        read()  # type: ignore[operator]
    text = str(refused.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('iso2 = "BZ"', 'iso2 = "bz"', "row 8: iso2 in [country] must be two capital letters"),
        ('iso3 = "BLZ"', 'iso3 = "BLX"', "iso3 in [country] is BLX, which is no code of BZ (iso2)"),
        ('iso3 = "BLZ"', 'iso3 = "GTM"', "iso3 in [country] is GTM, which is no code of BZ"),
        ('m49 = "084"', 'm49 = "048"', "m49 in [country] is 048, which is no code of BZ"),
        ('name_es = "Belice"', "", "name_es is missing in [country], and pages are made in that"),
        ('iso2 = "BZ"', 'isotwo = "BZ"', "iso2 is missing in [country]; add it"),
        ('motto = "', 'moto = "', "moto in [council] is not known; take it out"),
        ('name_en = "Belize"', "", "name_en is missing in [country]; add it"),
        ('"America/Belize"', '"America/Belice"', "time_zone in [country] is no time zone"),
        ("threshold = 5", "threshold = 1", "threshold in [disclosure] must be a whole number"),
        ("threshold = 5", 'threshold = "5"', "threshold in [disclosure] must be a whole number"),
        ("threshold = 5", "threshold = = 5", "cannot be read as TOML"),
        ("[coalition]", "[colition]", "[coalition] is missing; add it"),
        ("[quality]", "[extra]\na = 1\n\n[quality]", "[extra] is not known; take it out"),
        ('source = "About page"', 'source = "Blog"', "'Blog' of committee 1 is not in [sources]"),
        ('case_prefix = "BZ-CASE"', 'case_prefix = "bz case"', "case_prefix in [country] must be"),
        ('name_en = "Belize"', 'name_en = "<b>Belize</b>"', "holds '<', which is no word"),
        (
            'name_en = "Belize"',
            'name_en = "[Belize](javascript:x)"',
            "holds '](', which is no word",
        ),
        *(
            ('"https://atipsbelize.com"', f'"{address}"', "does not say plainly where it leads")
            for address in (
                "https://atipsbelize.com@example.net/",
                "https://10.0.0.1/",
                "https://localhost",
                "https://atipsb\u0435lize.com",
            )
        ),
        ('name_en = "Belize"', 'name_en = "See javascript:alert(1)"', "does not say plainly"),
        ('name_en = "Belize"', 'name_en = "=1+1"', "holds '=', which is no word"),
        ('name_en = "Belize"', 'name_en = "*Belize*"', "holds '*', which is no word"),
    ],
)
def test_a_wrong_profile_is_refused_with_its_line(house, old, new, expected):
    change(house, PROFILE, old, new)
    text = said(lambda: house.profile)
    assert text.startswith(PROFILE) and expected in text


@pytest.mark.parametrize(
    "address",
    ["“https://example.org”", "(http://example.org:8080/a?b=1#c).", "https://example.org!"],
)
def test_an_address_that_shows_its_host_may_stand_in_a_sentence(house, address):
    change(house, PROFILE, 'motto = "', f'motto = "See {address} ')
    assert address in house.profile["council"]["motto"]


def test_a_profile_that_a_windows_editor_saved_is_read(house):
    path = house.root / PROFILE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert house.profile["country"]["iso3"] == "BLZ"


def test_a_missing_profile_is_refused(house):
    (house.root / PROFILE).unlink()
    assert "profile.toml: the file is missing" in said(lambda: house.profile)


@pytest.mark.parametrize("find", [find_project, lambda: Project(Path.cwd()).profile])
def test_a_project_of_an_older_version_is_told_what_to_do(house, monkeypatch, find):
    (house.council / "profile.toml").rename(house.data / "profile.toml")
    monkeypatch.chdir(house.root)
    text = said(find)
    assert text.startswith("data/profile.toml: this project is of an older version")
    assert "atips init FOLDER" in text


@pytest.mark.parametrize(
    ("table", "old", "new", "expected"),
    [
        ("districts", "CY,BZ-CY,Cayo,Cayo", "CY,BZ-CY,,Cayo", "row 5: label_en is blank"),
        ("districts", "CY,BZ-CY", "cy,BZ-CY", "row 5: 'cy' is no code"),
        (
            "districts",
            "CY,BZ-CY",
            "ÑY,BZ-CY",
            "'ÑY' is no code; write capital letters without accents",
        ),
        ("districts", "CY,BZ-CY", "BZ,BZ-CY", "row 5: BZ stands already in row 4"),
        ("districts", "Cayo,Cayo,0,2", "Cayo,Cayo,0,x", "row 5: the tile of CY is no pair"),
        ("districts", "Cayo,Cayo,0,2", "Cayo,Cayo,1,1", "row 5: CY has the tile of BZ"),
        ("districts", "code,iso3166_2", "code,iso", "row 3: the column iso3166_2 is missing"),
        ("districts", ",tile_row\n", ",tile_row,size\n", "row 3: the column size is not known"),
        ("districts", "label_es", "label_fr", "the column label_es is missing, and the profile"),
        ("agencies", ",care,", ",carer,", "row 4: the role 'carer' is not one of police, care"),
        ("agencies", ",care,", ",police,", "the role police already"),
        ("agencies", ",care,", ",,", "no agency has the role care; give it to one"),
        ("agencies", ",care,victims ", ",care,victim ", "row 4: 'victim' is no stream"),
        ("spellings", "district,bze,BZ", "district,bze,BX", "row 5: 'BX' is no code of district"),
        ("spellings", "district,bze,BZ", "districts,bze,BZ", "'districts' is no code list"),
        ("labels", "case_stage,REFERRED", "case_stage,REFER", "row 3: 'REFER' is no code of"),
        ("labels", "REFERRED,label_en", "REFERRED,lable_en", "row 3: 'lable_en' is no column of"),
        ("districts", "Corozal,", "=Corozal,", "label_en holds '=', which is no word"),
        ("agencies", "A-TIPs Police Unit", "`A-TIPs`", "label_en holds '`', which is no word"),
        ("districts", ",tile_row\n", ",tile_row,code\n", "row 3: the column code stands twice"),
        ("labels", "REFERRED,label_en", "REFERRED,code", "row 3: 'code' is no column of"),
    ],
)
def test_a_wrong_entry_of_a_council_table_is_refused_with_its_row(house, table, old, new, expected):
    change(house, f"{COUNCIL}/{table}.csv", old, new)
    text = said(lambda: load_codebook(house))
    assert text.startswith((f"{COUNCIL}/{table}.csv, row ", f"{COUNCIL}/{table}.csv: "))
    assert expected in text


def test_a_country_of_one_agency_gives_it_every_role(house):
    path = house.council / "agencies.csv"
    path.write_text(
        "code,label_en,label_es,role,streams,committee,units_supplied\n"
        "UNIT,The unit,La unidad,police care prosecution courts,,,\n",
        encoding="utf-8",
    )
    assert set(read_council(house).roles.values()) == {"UNIT"}


def test_a_table_that_is_missing_or_no_text_is_refused(house):
    path = house.council / "agencies.csv"
    path.write_bytes(b"\xff\xfe\x00")
    assert "agencies.csv: is no text in UTF-8" in said(lambda: load_codebook(house))
    path.unlink()
    assert "agencies.csv: the file is missing" in said(lambda: load_codebook(house))
    path.write_text("# only a comment\n", encoding="utf-8")
    assert "agencies.csv: has no header" in said(lambda: load_codebook(house))


def test_a_partner_and_a_target_are_checked_as_well(house):
    change(house, f"{COUNCIL}/partners.csv", "IOM,International", "iom!,International")
    assert "partners.csv, row 3: 'iom!' is no code" in said(lambda: load_partners(house))
    change(house, f"{COUNCIL}/targets.csv", "PREV-01,2025,,", "PREV-01,2025,many,")
    assert "targets.csv, row 3: a target without who set it" in said(lambda: load_targets(house))
    change(house, f"{COUNCIL}/targets.csv", "PREV-01,2025,many,,", "PREV-01,2025,many,Council,")
    assert "row 3: the target 'many' is not a number" in said(lambda: load_targets(house))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("council,PAR-05,PART-02", "council,PAR-05,PART-99", "row 5: indicator_id 'PART-99'"),
        ("council,PAR-05", "councel,PAR-05", "row 5: publisher 'councel' is not known"),
        ("PART-02,value", "PART-02,values", "row 5: measure 'values' is not known"),
        ("sex=M citizenship=GTM", "sex=X citizenship=GTM", "'X' is no code of sex"),
        ("sex=M citizenship=GTM", "gender=M citizenship=GTM", "'gender=M': no such dimension"),
        ("publisher,name", "publisher,figure", "the column name is missing"),
    ],
)
def test_a_wrong_mapping_of_published_figures_is_refused_with_its_row(house, old, new, expected):
    change(house, "data/published/cells.map.csv", old, new)
    text = said(lambda: load_cells(house, "council"))
    assert text.startswith("data/published/cells.map.csv") and expected in text


def test_a_country_without_a_code_is_refused(house):
    change(house, "data/published/countries.map.csv", "India,India,IND", "India,India,INX")
    assert "'INX' is no code of citizenship" in said(lambda: load_countries(house))


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        ("totals.csv", "confirmed,2023,8,", "confirmed,2023,eight,", "row 16: 'eight' is neither"),
        ("totals.csv", ",PRS-01", ",PRS-99", "'PRS-99' is neither a whole number nor a figure"),
        ("trainings.csv", "NOPCAN,NOPCAN", "NOPCAM,NOPCAN", "facilitator 'NOPCAM' is no agency"),
        ("scenario.toml", "districts = { BZ", "districts = { BX", "'BX' is no code of district"),
        ("scenario.toml", "[posts]", "[post]", "post is not known; take it out"),
        ("mistakes.toml", '"DHS", 2021', '"DHX", 2021', "mistake 2: no victims of DHX"),
    ],
)
def test_a_wrong_entry_of_the_simulator_is_refused(house, file, old, new, expected):
    change(house, f"data/simulator/{file}", old, new)
    text = said(lambda: read_scenario(house))
    assert text.startswith(f"data/simulator/{file}") and expected in text


def append(house: Project, table: str, row: str) -> None:
    with (house.council / f"{table}.csv").open("a", encoding="utf-8") as file:
        file.write(row + "\n")


def offered(form: Path, sheet: str, header: str) -> list[str]:
    """What the drop-down below a header offers, as Excel resolves it."""
    import openpyxl

    book = openpyxl.load_workbook(form)
    (column,) = (cell.column_letter for cell in book[sheet][1] if str(cell.value) == header)
    (rule,) = (
        rule
        for rule in book[sheet].data_validations.dataValidation
        if f"{column}2" in rule.sqref and rule.type == "list"
    )
    name = rule.formula1.removeprefix("=")
    where = book.defined_names[name].attr_text if name in book.defined_names else name
    place, cells = where.replace("$", "").rsplit("!", 1)
    return [row[0].value for row in book[place.strip("'")][cells]]


def test_a_new_agency_audience_and_method_are_rows_and_stand_in_the_drop_downs(house, tmp_path):
    from atips_analysis.intake.agency.form import write_template

    append(house, "agencies", "COAST,Coast Watch,Guardia de Costas,,trainings victims,,")
    append(house, "audiences", "FISHERS,Fishers,Pescadores,,,")
    append(house, "codes", "recruitment_method,DRONE,By drone,Por dron")
    codebook = load_codebook(house)
    assert codebook.code_of("source_agency", "coast watch") == "COAST"
    out = write_template("COAST", 2025, "es", tmp_path / "form.xlsx", codebook)
    assert any("Pescadores" in text for text in offered(out, "Capacitaciones", "Público"))
    assert any(
        "Guardia de Costas" in text for text in offered(out, "Capacitaciones", "Facilitador")
    )
    methods = offered(out, "Víctimas", "Método de captación")
    assert any("Por dron" in text for text in methods)
    assert codebook.code_of("recruitment_method", "por dron") == "DRONE"
    assert codebook.codelist("recruitment_method").codes[-3:] == ("DRONE", "OTHER", "UNKNOWN")


@pytest.mark.parametrize("codelist", [
    "awareness_channel", "engagement_kind", "means_of_control", "recruiter_relationship",
    "recruitment_method", "training_topic",
])  # fmt: skip
def test_a_country_may_add_its_own_codes_to_these_lists(house, codelist):
    append(house, "codes", f"{codelist},OWN,Its own,El suyo")
    assert load_codebook(house).codelist(codelist).label("OWN", "es") == "El suyo"


@pytest.mark.parametrize(("lang", "known"), [("", True), ("es", True), ("xx", False)])
def test_an_agencys_letters_have_a_language_that_there_is_or_the_reports(house, lang, known):
    path = house.council / "agencies.csv"
    lines = path.read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("code,"))
    lines[at] += ",lang"
    lines[at + 1 :] = [f"{line},{lang}" for line in lines[at + 1 :]]
    path.write_text("\n".join([*lines, ""]), "utf-8")
    if known:
        assert set(load_codebook(house).codelist("source_agency").table["lang"]) == {lang}
    else:
        assert f"row {at + 2}: the language 'xx' has no catalogue" in said(
            lambda: load_codebook(house)
        )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("sex,X,Another,Otra", "row 5: 'sex' is no list that codes can be added to; write one of"),
        ("recruitment_method,ONLINE_AD,,x", "row 5: label_en is blank; write the label"),
        ("recruitment_method,ONLINE_AD,x,", "row 5: label_es is blank; write the label"),
        ("recruitment_method,drone,By drone,Por dron", "row 5: 'drone' is no code"),
        ("recruitment_method,WORK,At work,En el trabajo", "row 5: recruitment_method has WORK already"),
    ],
)  # fmt: skip
def test_a_wrong_further_code_is_refused_with_its_row(house, row, expected):
    append(house, "codes", row)
    text = said(lambda: load_codebook(house))
    assert text.startswith("data/council/codes.csv") and expected in text


def test_districts_on_the_map_stand_from_north_to_south_and_from_west_to_east() -> None:
    table = pd.DataFrame(
        {
            "code": ["S", "E", "W", "ABROAD"],
            "label_en": ["South", "East", "West", "Abroad"],
            "label_es": ["Sur", "Este", "Oeste", "Fuera"],
            "tile_column": ["0", "1", "0", ""],
            "tile_row": ["1", "0", "0", ""],
        }
    )
    placed = districts_on_the_map(table, "es")
    assert [(one["code"], one["name"], one["tile"]) for one in placed] == [
        ("W", "Oeste", (0, 0)),
        ("E", "Este", (1, 0)),
        ("S", "Sur", (0, 1)),
    ]


@pytest.mark.parametrize(
    ("tile", "expected"),
    [
        ("1,x", "the tile of BZ is no pair of whole numbers"),
        ("1,²", "no pair of whole numbers"),
        ("1,0", "has the tile of"),
    ],
)
def test_a_tile_that_is_none_or_is_taken_is_named_with_its_file(house, tile, expected) -> None:
    change(
        house,
        f"{COUNCIL}/districts.csv",
        "BZ,BZ-BZ,Belize,Belice,1,1",
        f"BZ,BZ-BZ,Belize,Belice,{tile}",
    )
    text = said(lambda: load_codebook(house))
    assert text.startswith("data/council/districts.csv, row ") and expected in text


def test_the_help_of_a_case_names_how_the_country_s_codes_begin(house) -> None:
    change(house, PROFILE, 'case_prefix = "BZ-CASE"', 'case_prefix = "QQ-CASE"')
    case = load_codebook(house).streams["cases"].column("case_id")
    assert "(QQ-CASE-yyyy-nnnn)" in case.help("en") and "(QQ-CASE-aaaa-nnnn)" in case.help("es")


def test_the_country_heads_the_groups_of_citizenship_and_stands_once_among_countries(house) -> None:
    ours = load_codebook(house)
    countries = ours.codelist("country_iso3").table
    assert list(countries["code"]).count("BLZ") == 1
    assert ours.codelist("citizenship_group").codes[0] == "BLZ"
    assert ours.codelist("citizenship_group").table.iloc[0]["iso3166_alpha3"] == "BLZ"


def test_a_country_that_no_list_has_is_added_with_its_names(house) -> None:
    change(house, PROFILE, 'iso3 = "BLZ"', 'iso3 = "XQQ"')
    change(house, PROFILE, 'iso2 = "BZ"', 'iso2 = "XQ"')
    change(house, PROFILE, 'm49 = "084"', 'm49 = "999"')
    path = house.root / COUNCIL / "spellings.csv"
    kept = [line for line in path.read_text("utf-8").splitlines() if not line.endswith(",BLZ")]
    path.write_text("\n".join(kept) + "\n", "utf-8")
    countries = load_codebook(house).codelist("country_iso3").table.set_index("code")
    assert countries.loc["XQQ", ["label_en", "label_es", "iso2", "citizenship_group"]].tolist() == [
        "Belize",
        "Belice",
        "XQ",
        "XQQ",
    ]


def test_a_dimension_and_its_categories_are_called_in_each_language() -> None:
    sex = load_codebook(HOUSE).dimensions["sex"]
    assert (sex.label("en"), sex.label("es")) == ("sex", "sexo")
    assert sex.category("F", "es") == "Mujeres" and sex.category("??") == "??"


def test_the_proper_names_are_those_of_the_country_and_of_the_districts_on_its_map() -> None:
    names = load_codebook(HOUSE).proper_names
    assert {"Belize", "Belice", "Cayo", "Stann", "Toledo", "Orange"} <= names
    assert not {"Outside", "Fuera", "Not", "Desconocido", "Guatemala"} & names


def test_a_dimension_without_a_label_is_named_with_its_file() -> None:
    with pytest.raises(InputError, match=r"^codebook/dimensions\.csv: label of dimension sex "):
        load_codebook(HOUSE).dimensions["sex"].label("qq")


def test_what_decides_how_a_row_is_read_has_a_fingerprint_that_line_ends_do_not_change(
    house,
) -> None:
    before = load_codebook(house).fingerprint
    assert len(before) == 64
    path = house.council / "spellings.csv"
    text = path.read_bytes()
    path.write_bytes(text.replace(b"\n", b"\r\n"))
    assert read_council(house).fingerprint == before
    path.write_bytes(text + b"district,the cape,BZ\n")
    assert read_council(house).fingerprint != before


def test_partners_are_rows_of_the_officers_table() -> None:
    partners = load_partners(HOUSE)
    assert {"code", "label_en", "label_es", "type_en", "support_en", "source"} <= set(partners)
    assert len(partners) and partners["code"].is_unique


def test_the_dictionary_says_of_each_column_in_words_what_it_holds() -> None:
    codebook = load_codebook(HOUSE)
    told = dictionary(codebook, "es").set_index(["stream", "column"])
    assert len(told) == sum(len(stream.columns) for stream in codebook.streams.values())
    case, sex = told.loc[("victims", "case_id")], told.loc[("victims", "sex")]
    assert case[["required", "key", "sensitivity"]].tolist() == ["obligatorio", "sí", "seudónimo"]
    assert sex["type"] == "un código" and sex["codes"].startswith("F Mujer")
    optional = told.loc[("victims", "sector")]
    assert optional[["required", "key"]].tolist() == ["opcional", "no"]


def test_a_dimension_that_always_shows_a_category_it_lacks_is_refused() -> None:
    lists = {
        "sex": pd.DataFrame(
            {"code": ["F"], "order": ["1"], "label_en": ["Women"], "label_es": ["Mujeres"]}
        )
    }
    row = {"dimension": "sex", "codelists": "sex", "always_shown": "M", "label_en": "sex"}
    table = pd.DataFrame([{**row, "label_es": "sexo"}])
    none = pd.DataFrame(columns=["dimension", "code", "order", "label_en", "label_es"])
    text = said(lambda: dimensions_of(table, lists, none))
    assert text.startswith("codebook/dimensions.csv, row 2: dimension sex has no category M;")
    empty = table.assign(always_shown="", codelists="")
    assert "has no category; name its code list" in said(lambda: dimensions_of(empty, lists, none))
    assert dimensions_of(table.assign(always_shown="F"), lists, none)["sex"].always_shown == ("F",)


def as_excel_saves(file: Path, delimiter: str) -> None:
    """Every row as wide as the widest, comments in quotation marks, blank rows below."""
    rows = list(csv.reader(file.open(encoding="utf-8-sig", newline="")))
    width = max(map(len, rows))
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        padded = [[*row, *[""] * (width - len(row))] for row in [*rows, [], []]]
        csv.writer(opened, delimiter=delimiter).writerows(padded)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_excel_makes_of_an_officer_s_table_says_the_same(house, delimiter):
    tables = {"audiences": "training_audience", "agencies": "source_agency"}
    before = read_council(house)
    for table in tables:
        as_excel_saves(house.council / f"{table}.csv", delimiter)
    after = read_council(house)
    for name in tables.values():
        pd.testing.assert_frame_equal(after.lists[name], before.lists[name])


@pytest.mark.parametrize(
    ("file", "row", "says"),
    [
        ("partners", "A,B,C,D,E,F,G,2024 report,more", "has 9 cells under 8 names of columns"),
        ("audiences", 'A,"B,C,D,1,', "a quotation mark is not closed"),
        ("labels", "case_stage,REFERRED,label_en,Sent on", "stands already in row 3; keep one"),
        ("spellings", "district,cayo district,CZL", "stands already in row"),
    ],
)
def test_a_row_that_says_more_than_its_columns_or_the_same_twice_is_named(house, file, row, says):
    path = house.council / f"{file}.csv"
    text = path.read_text("utf-8")
    path.write_text(f"{text}{row}\n", "utf-8")
    with pytest.raises(InputError) as refused:
        (load_partners if file == "partners" else read_council)(house)
    place = f"data/council/{file}.csv, row {len(text.splitlines()) + 1}: "
    assert str(refused.value).startswith(place) and says in str(refused.value)


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("sex,M_OU,M; O; X,a,b", "'X' is no category of sex; write one of F, M, U, O"),
        ("gender,M_OU,M; O; U,a,b", "'gender' is no dimension"),
        ("sex,M_OU,M,a,b", "M_OU merges fewer than two categories"),
        ("sex,M,O; U,a,b", "'M' is blank or a category of sex already"),
        ("sex,M_OU,M; O; U,a,", "merged category M_OU of sex has no label_es; fill it in"),
    ],
)
def test_a_wrong_merged_category_is_named_with_its_row(house: Project, row: str, what: str) -> None:
    file = house.framework / "merged_categories.csv"
    lines = file.read_text("utf-8").splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("sex,M_OU"))
    lines[at] = row
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        load_codebook(house)
    assert str(raised.value).startswith(f"data/framework/merged_categories.csv, row {at + 1}: ")
    assert what in str(raised.value)
