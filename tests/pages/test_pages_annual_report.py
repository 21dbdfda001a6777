"""The annual report and the back test on numbers of any kind; the notebooks run on made-up rows."""

from __future__ import annotations

import base64
import json
import re
import shutil
from pathlib import Path

import pandas as pd
import pytest

from atips_analysis.codebook import dimensions
from atips_analysis.framework import load_indicators
from atips_analysis.indicators.place import wide_columns
from atips_analysis.indicators.table import read_table
from atips_analysis.notebooks.running import run_notebook
from atips_analysis.pages.key_figures import KEY_FIGURES
from atips_analysis.project import Project, find_project
from atips_analysis.published.sources import load_council_figures, load_meetings
from atips_analysis.render.markdown import flatten
from atips_analysis.statements import statements_of_edition, write_statements

HERE = find_project(Path(__file__).parent)
HIDDEN = pd.NA
YEARS = (2021, 2022, 2023, 2024)


def row(indicator, unit, value, period=2024, statistic="count", status=None, **more):
    status = status or ("C" if value is HIDDEN else "Z" if value == 0 else "OK")
    return {
        **dict.fromkeys(wide_columns(), ""),
        **dict.fromkeys(dimensions(), "Total"),
        **dict.fromkeys(("numerator", "denominator", "ci_low", "ci_high"), pd.NA),
        "indicator_id": indicator,
        "unit_of_count": unit,
        "statistic": statistic,
        "period": str(period),
        "value": value,
        "status": status,
        **more,
    }


def each_year(indicator, unit, *values):
    return [row(indicator, unit, value, at) for at, value in zip(YEARS, values, strict=True)]


def parts(indicator, unit, by, **values):
    return [row(indicator, unit, value, **{by: code}) for code, value in values.items()]


MUCH = [
    *each_year("PROS-01", "CASE", 1103, 1301, 1902, 1801),
    *[row("PROS-01", "CASE", 700 + at, at, carried_over="NO") for at in YEARS],
    *parts("PROS-01", "CASE", "carried_over", YES=1077),
    *parts("PROS-01", "CASE", "stage", INVEST=HIDDEN, MAGISTRATE=HIDDEN, CHARGED=11),
    *each_year("PROT-01", "VICTIM", 1111, 1616, 1717, 1818),
    *parts("PROT-01", "VICTIM", "age_group", CHILD=1112, ADULT=706),
    *parts("PROT-01", "VICTIM", "sex", F=HIDDEN, M=HIDDEN),
    *each_year("PROT-06", "VICTIM", 811, 1311, 1411, 1611),
    *each_year("PROT-06", "SERVICE", 1911, 3311, 3611, 4211),
    *parts("PROT-06", "SERVICE", "service_type", SHELTER=911, MEDICAL=HIDDEN),
    *each_year("PROS-02", "SUSPECT", 911, 711, 912, 713),
    *each_year("PROS-04", "CONVICTION_P", HIDDEN, 0, HIDDEN, 213),
    *each_year("PROT-11", "CHILD", 2222, 3131, 3535, 4040),
    *each_year("PREV-01", "SESSION", 1919, 3333, 4545, 5959),
    *each_year("PREV-02", "PARTICIPANT", 58301, 87801, 119201, 133401),
    *parts("PREV-02", "PARTICIPANT", "audience", TEACHERS=83401, POLICE=50000),
    *each_year("PREV-05", "PRODUCT", 3434, 3030, 3131, 3737),
    *each_year("PREV-07", "SCREENING", 4747, 6666, 8181, 9202),
    *parts("PREV-07", "SCREENING", "citizenship_group", NCA=6301, ASIA=2901),
    *each_year("PREV-08", "INSPECTION", 58411, 83111, 80211, 83411),
    *parts("PREV-08", "INSPECTION", "inspection_type", CHILD_LABOUR=12511, ROUTINE=70900),
    *each_year("PREV-09", "REPORT", 6767, 6565, 6363, 5757),
    *each_year("PART-02", "ORGANIZATION", 515, 516, 517, 618),
    *each_year("PART-03", "EVENT", 215, 216, 317, 418),
    *each_year("PART-06", "ACTION", 0, 0, 519, 1111),
]  # fmt: skip


def inputs(folder, rows, simulated):
    folder.mkdir(exist_ok=True)
    pd.DataFrame(rows, columns=list(wide_columns())).to_csv(folder / "indicators.csv", index=False)
    about = {"simulated": simulated, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    about["design_factors"] = {"independent events": 1.0, "events by case": 1.0}
    (folder / "build.json").write_text(json.dumps(about))
    statements = statements_of_edition(HERE, read_table(folder / "indicators.csv"), about)
    (folder / "statements.json").write_text(json.dumps(write_statements(statements)))
    return folder


def said_by(notebook, folder, rows, *, simulated, root=HERE.root):
    """What a notebook says of these rows."""
    public = inputs(folder / "public", rows, simulated)
    executed = run_notebook(
        HERE.notebooks / f"{notebook}.ipynb",
        folder / "executed.ipynb",
        {"inputs": str(public), "project": str(root)},
    )
    return flatten(executed).text


@pytest.fixture(scope="module")
def much(tmp_path_factory):
    return said_by("annual-report", tmp_path_factory.mktemp("much"), MUCH, simulated=True)


@pytest.fixture(scope="module")
def little(tmp_path_factory):
    return said_by("annual-report", tmp_path_factory.mktemp("little"), [], simulated=False)


def test_a_year_for_which_nothing_was_returned_still_makes_every_chapter(little):
    assert not re.search(r"\bnan\b|<NA>|\bNone\b", little)
    for chapter in (
        "Introduction",
        "Partnership",
        "Prevention",
        "Protection",
        "Prosecution",
        "Labour",
    ):
        assert re.search(rf"^# {chapter}", little, re.MULTILINE), chapter
    assert "fig-" not in little.replace("fig-alt", "")


def test_records_of_agencies_are_called_neither_simulated_nor_invented(little):
    assert not re.search(r"simulat|invented|made to meet", little)


def test_the_published_narrative_is_shown_with_its_source_from_simulated_records_too(much):
    for words in (
        "shared national responsibility",
        "wear blue",
        "High Court",
        "safe",
        "Decent Work",
    ):
        assert words in much, words
    title = "Anti-Trafficking in Persons Report for Belize, January-December 2024"
    for chapter in ("Foreword", "NGO Highlight", "Protection", "Prosecution/Investigations"):
        assert f"Restated from: {title}, “{chapter}”." in much


def test_it_opens_with_messages_that_say_that_they_are_an_example_and_take_their_numbers(much):
    opening = much.partition("{#sec-summary}")[2].partition("\n# ")[0]
    assert "*An example, written by the makers of this system; the tables" in opening
    assert "133,401 attendances" in opening and "83,401 of them by teachers" in opening


def test_each_key_figure_and_each_total_says_whether_it_is_published(much):
    for _, _, words in KEY_FIGURES:
        assert re.search(rf"\*\* {re.escape(words)} – \*(published|invented|made to meet)", much), (
            words
        )
    assert "potential and confirmed victims identified – *invented*" in much
    invented = next(line for line in much.splitlines() if line.startswith("| Invented |"))
    assert "training sessions (5,959)" in invented and "awareness products (3,737)" in invented


def test_all_meetings_of_the_published_report_stand_with_their_month_and_no_others(much):
    table = much[: much.index("{#tbl-meetings}")].rsplit("\n\n", 2)[-2]
    meetings = load_meetings(HERE, 2024)
    assert len(table.splitlines()) == len(meetings) + 2
    assert "| June | Launch of the Strategy 2024–2028 |" in table
    assert "| 2–6 September | South-South technical visit to Brazil |" in table
    assert "Leadership Summit (Human Trafficking Institute; 14\xa0representatives) |" in table


def test_countries_of_origin_are_named_as_the_published_report_names_them(much):
    for country in [
        "Turkey",
        "Honduras",
        "Guatemala",
        "Ecuador",
        "Nicaragua",
        "Venezuela",
        "Salvador",
        "Vietnam",
        "Colombia",
    ]:
        assert country in much


NUMBER = re.compile(r"(?<![\w.,–:-])\d[\d,]*(?:\.\d+)?(?![\w–]|[.,:]\d)")
NO_COUNT = re.compile(
    r"\{[^}]*\}|\]\([^)]*\)|@[\w-]+|January-December \d+|\b(?:19|20)\d\d\b|\d+–\d+ (?:June|September)"
    r"|\d+ October|7th|Human Trafficking 101|(?:under|below) \d+"
)


def numbers_of(text):
    return {float(one.replace(",", "")) for one in NUMBER.findall(NO_COUNT.sub(" ", text))}


def test_every_number_of_the_page_is_in_the_protected_table_or_in_a_published_source(
    much, tmp_path
):
    table = pd.DataFrame(MUCH)
    known = {float(value) for value in table["value"] if pd.notna(value)}
    known |= {float(value) for value in load_council_figures(HERE)["value"].dropna()}
    about = {"simulated": True, "edition": "0" * 12, "baseline": "2021-2023", "year": 2024}
    about["design_factors"] = {"independent events": 1.0, "events by case": 1.0}
    inputs(tmp_path / "public", MUCH, True)
    register = statements_of_edition(
        HERE, read_table(tmp_path / "public" / "indicators.csv"), about
    )
    for one in register.all:  # ratios and intervals of the register of statements
        known |= {round(float(end), 2) for end in (one.ratio, one.ratio_low, one.ratio_high) if end}
    known |= {
        float(register.comparisons),
        100 * (1 - register.confidence),
        100 * register.confidence,
    }
    named = {
        float(len(load_indicators(HERE))),  # indicators of the framework
        1.0, 4.0,  # the counts that are hidden
        63.0, 68.0, 15.0,  # shares in titles: of attendances, of screenings, of inspections
        10.0,  # how far rounding goes
    }  # fmt: skip
    totals = re.search(
        r"Of the (\d+) yearly totals .*?, (\d+) are .*?, (\d+) were .*? and (\d+) are", much
    )
    named |= {float(one) for one in totals.groups()}
    assert sorted(numbers_of(much) - known - named) == []
    assert len(numbers_of(much) & known) > 80


def test_a_breakdown_of_which_most_is_hidden_is_named_and_not_drawn(much):
    told = much[much.index("Too small to be printed") :].partition("\n\n")[0]
    assert "training by topic" in told and "CSEC charges by offence" in told
    assert "victims by age" not in told and "Children (under 18)" in much


def test_titles_of_figures_say_what_was_found(much):
    captions = re.findall(r"!\[([^\]]*)\]\([^)]*\)\{#(fig-[\w-]+)", much)
    found = dict(map(reversed, captions))
    assert (
        found["fig-training-audience"]
        == "The largest group at training: teachers, with 63\xa0% of attendances"
    )
    assert found["fig-victims"] == "Most of the victims identified were children: 1,112 of 1,818"
    assert found["fig-inspections"] == "15\xa0% of labour inspections were on child labour"
    assert not re.search(r"stand under|the largest number", much)


def test_no_code_of_the_data_model_shows_in_the_report(much):
    text = re.sub(r"\{[^}]*\}|\([a-z-]+\.svg\)|for=\S+", "", much)
    assert re.findall(r"\b(?:[A-Z]{2,}_[A-Z_]+|P(?:REV|ROT|ROS|ART)-\d\d)\b", text) == []


def test_victims_supported_are_no_part_of_victims_identified_and_screenings_are_no_persons(much):
    assert "neither number is a part of the other" in much
    assert "9,202\xa0screenings of migrants" in much.replace("screenings` of", "screenings of")
    assert "migrants screened" not in much.replace("migrants whom it screened", "").replace(
        "the screening of migrants", ""
    )


def test_a_hidden_number_and_none_read_as_words(tmp_path):
    rows = [
        row("PROS-04", "CONVICTION_P", HIDDEN),
        row("PROT-06", "VICTIM", 5),
        row("PROS-01", "CASE", 0),
        *each_year("PROT-08", "VICTIM", 5, 6, 7, 8),
    ]
    text = said_by("annual-report", tmp_path, rows, simulated=False)
    assert "convicted a hidden number of persons of trafficking" in text
    assert "5\xa0victims received" in text
    assert "investigated no\xa0suspected cases" in text


def test_photographs_that_the_council_adds_stand_in_their_chapter(tmp_path):
    from PIL import Image

    root = tmp_path / "house"
    for folder in (
        "data/narrative",
        "data/framework",
        "data/published",
        "data/council",
        "notebooks",
    ):
        shutil.copytree(HERE.root / folder, root / folder)
    folder = root / "data" / "narrative" / "2024"
    (folder / "photographs").mkdir()
    photograph = Image.new("RGB", (3000, 2000), "blue")
    details = Image.Exif()
    details[0x010F] = "A camera of somebody"
    photograph.save(folder / "photographs" / "rangers.jpg", exif=details, comment=b"somebody")
    (folder / "photographs.csv").write_text(
        "file,chapter,caption,alt\nrangers.jpg,prevention,Training of park rangers,Rangers in a classroom\n"
    )
    text = said_by("annual-report", tmp_path, [], simulated=False, root=root)
    chapter = text.partition("{#sec-prevention}")[2].partition("{#sec-protection}")[0]
    assert "![Training of park rangers](photograph-1.svg)" in chapter
    drawn = flatten(tmp_path / "executed.ipynb").drawn["photograph-1.svg"]
    assert 'width="1600"' in drawn and "camera" not in drawn
    shown = base64.b64decode(drawn.partition("base64,")[2].partition('"')[0])
    assert b"somebody" not in shown
    assert Project(root).notebooks.is_dir()


@pytest.fixture(scope="module")
def tested(tmp_path_factory):
    rows = [
        *MUCH,
        *parts("PREV-05", "PRODUCT", "channel", TV=4, VIDEO=3),
        *parts("PART-06", "ACTION", "country", BRA=4),
    ]
    return said_by("back-test", tmp_path_factory.mktemp("tested"), rows, simulated=True)


def table_of(text, id):
    body = text[: text.index(f"{{#{id}}}")].rsplit("\n\n", 2)[-2]
    heads, _, *lines = (
        [cell.strip() for cell in line.strip("|").split("|")] for line in body.splitlines()
    )
    return pd.DataFrame(lines, columns=heads)


NUMERALS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8}


@pytest.mark.parametrize("id", ["tbl-printed", "tbl-not-computed"])
def test_a_column_headed_published_holds_what_the_report_prints_and_nothing_else(tested, id):
    figures = load_council_figures(HERE).set_index("statement")["value"]
    own = pd.read_csv(HERE.framework / "back_test_2024.csv", keep_default_na=False)
    names = {one: at for at, one in zip(own["figure_id"], own["statement"], strict=True) if one}
    by_id = load_council_figures(HERE).set_index("figure_id")["value"]
    rows = table_of(tested, id)
    assert len(rows) > 10
    for statement, text in zip(rows["Statement"], rows["Published"], strict=True):
        if not text:
            continue
        digits = re.search(r"\d+", text)
        value = int(digits[0]) if digits else NUMERALS[text.lower()]
        assert value == (by_id[names[statement]] if statement in names else figures[statement]), (
            statement
        )


def test_figures_that_are_counted_together_have_their_sum_in_a_note_and_in_no_column(tested):
    printed = table_of(tested, "tbl-printed").set_index("Statement")
    videos = printed.loc["Awareness videos streamed on Channel 5"]
    assert (videos["Published"], videos["Computed"]) == ("three", "4 together")
    assert videos["Result"].startswith("reproduced (")
    assert "3 and 1 are 4 together" in tested and "1, 1, 1 and 1 are 4 together" in tested
    counted = table_of(tested, "tbl-counted")
    assert "Published" not in counted and set(
        counted.loc[counted["Computed"] == "4 together", "In its lists"]
    ) == {"1"}


def test_a_figure_that_comes_out_different_says_so(tested):
    printed = table_of(tested, "tbl-printed").set_index("Statement")
    assert printed.loc["Awareness videos created", "Result"] == "differs"
    assert "confirms no published figure" in tested


def test_a_year_without_a_published_report_has_nothing_to_compare(tmp_path):
    public = inputs(tmp_path / "public", MUCH, False)
    executed = run_notebook(
        HERE.notebooks / "back-test.ipynb",
        tmp_path / "executed.ipynb",
        {"inputs": str(public), "project": str(HERE.root), "year": 2030},
    )
    text = flatten(executed).text
    assert "No published report of 2030 is registered yet" in text and "tbl-" not in text


def test_every_acronym_that_is_listed_occurs_in_the_report_and_projects_named_by_one_are_listed(
    much,
):
    above, _, last = much.partition("{#sec-acronyms}")
    listed = set(re.findall(r"\*\*(\S+?)\*\* ", last))
    for acronym in listed:
        assert re.search(rf"(?<![\w-]){re.escape(acronym)}(?![\w-])", above), acronym
    assert {"SAFE", "TLEAP", "CSEC"} <= listed
    assert not {"BTB", "CORETT", "SICA"} & listed


@pytest.mark.parametrize(
    ("sentence", "mark"),
    [
        (r"5,959\straining sessions", "invented"),
        (r"3,737\sawareness products", "invented"),
        (r"9,202\sscreenings of migrants", "made to meet published figures"),
        (r"1,818\spotential and confirmed victims", "invented"),
        (r"83,411\sinspections", "published"),
        (r"12,511", "published"),
        (r"1,077", "invented"),
    ],
)
def test_a_number_in_a_sentence_says_whether_it_is_published(much, sentence, mark):
    assert re.search(rf"(?:{sentence}) \({mark}\)", much), sentence


def test_what_others_print_on_the_year_stands_apart_with_its_source(much):
    told = much[much.index("**Others publish on 2024:**") :].partition("\n\n")[0]
    assert "victims identified: 15" in told and "new prosecutions: 5" in told
    assert "second hand" in told
    assert "The Council's report lists 2 persons convicted" in told
