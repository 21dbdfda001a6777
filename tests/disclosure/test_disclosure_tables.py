"""Officers' tables: what they are taken for is said, and what cannot be attacked is not called safe."""

from __future__ import annotations

import csv
import io

import pytest

from atips_analysis.cli import run
from atips_analysis.disclosure.table_periods import Span, is_two_ways, pieces_of, span_of
from atips_analysis.disclosure.table_words import is_margin_word, mark_of


@pytest.fixture
def table(tmp_path):
    def write(text, name="table.csv"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return str(file)

    return write


@pytest.fixture
def audit(capsys):
    def call(*arguments):
        code = run(["audit", *arguments, "--count", "count"])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def protect(tmp_path, capsys):
    def call(*files, by, out="out.csv", more=()):
        where = tmp_path / out
        code = run(["protect", *files, "--count", "count", "--by", by, "--out", str(where), *more])
        said = capsys.readouterr()
        return code, where, said.out, said.err

    return call


def rows(file):
    return list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))


CROSSTAB = """form,district,count
Sexual,Belize,12
Sexual,Cayo,3
Sexual,{all},15
Labour,Belize,9
Labour,Cayo,8
Labour,{all},17
{all},Belize,21
{all},Cayo,11
{all},{all},32
"""


@pytest.mark.parametrize(
    "word",
    ["All", "Todos", "Total general", "Grand Total", "", "TOTAL", "Ambos sexos", "All forms"],
)
def test_margins_are_known_by_the_usual_words_of_both_languages(word, table, protect, audit):
    code, out, said, _ = protect(table(CROSSTAB.format(all=word)), by="form,district")
    assert code == 0 and f"margin of form: {word or 'nothing'}" in said
    assert sum(row["status"] == "C" for row in rows(out)) == 4
    assert audit(str(out))[0] == 0


def test_a_category_that_is_the_sum_of_the_others_is_a_margin_whatever_it_is_called(table, audit):
    text = "form,count\nA,12\nB,c\nC,9\nEverybody we saw,24\n"
    wide = "form,sex,count\nA,F,7\nB,F,5\nC,F,4\nAltogether,F,16\nA,M,5\nB,M,c\nC,M,5\nAltogether,M,13\n"
    code, said, _ = audit(table(wide))
    assert code == 1 and "margin of form: Altogether" in said
    assert "OPEN  form B and sex M: 3" in said
    assert audit(table(text))[0] == 1


def test_a_margin_that_names_its_place_is_one_where_it_stands_alone(table, audit):
    text = "year,sex,count\n2021,F,12\n2021,M,c\n2021,Total 2021,15\n"
    code, said, _ = audit(table(text + "2022,F,9\n2022,M,8\n2022,Total 2022,17\n"))
    assert code == 1 and "margin of sex: Total 2021, Total 2022" in said
    assert "OPEN  sex M and year 2021: 3" in said


OPENABLE = {
    "wide": "district,2021,count,Total\nCorozal,12,c,15\nCayo,8,7,15\nTotal,20,10,30\n",
    "of which": "group,count\nVictims,15\nof which women,12\nof which men,c\n",
    "margin first": "district,count\nBelize,50\nCorozal,12\nCayo,x\nToledo,38\n",
    "cumulative": "month,count,cumulative\n1,12,12\n2,c,15\n3,9,24\n",
    "percent": "sexo,count,%\nMujeres,12,80\nHombres,c,20\n",
    "ratio": "district,count,women per man\nCayo,12,2.0\nToledo,c,3.0\n",
    "index": "year,count,index\n2021,12,100\n2022,c,25\n2023,9,75\n",
    "interval": "district,count,lower,upper\nCayo,12,6.2,21.0\nToledo,c,0.6,8.8\n",
    "other mark": "sexo,count\nF,s/d\nM,9\nX,7\nTotal,18\n",
    "dots": "distrito;count\nCayo;1.200\nToledo;c\nTotal;1.203\n",
    "rates below": "what,sex,count\nn,F,12\nn,M,c\nn,Total,15\nrate,F,3.1\nrate,M,0.8\nrate,Total,2\n",
    "codes": "area,count\n1,15\n1.1,12\n1.2,c\n2,20\n2.1,9\n2.2,11\n",
}
"""Tables of other offices in which a person works a hidden number out, by what is odd about them."""


@pytest.mark.parametrize("kind", sorted(OPENABLE))
def test_a_table_that_a_person_can_open_is_never_called_safe(kind, table, audit):
    code, said, refused = audit(table(OPENABLE[kind]))
    assert code in (1, 2) and "all safe" not in said
    assert len(refused.strip().splitlines()) == 1


@pytest.mark.parametrize("word", ["Other", "All others", "Todas las demás", "Allied forces"])
def test_a_category_that_only_begins_like_a_margin_is_none(word):
    assert not is_margin_word(word)


@pytest.mark.parametrize(
    "mark",
    [
        "[c]",
        "suppressed",
        ".",
        "—",
        "n/a",
        "-",
        "NaN",
        "[low]",
        "[REDACTED]",
        "x",
        "*",
        "suprimido",
    ],
)
def test_other_offices_marks_for_hidden_are_known(mark, table, audit):
    code, said, _ = audit(table(f"form,count\nA,10\nB,{mark}\nC,{mark}\nTotal,17\n"))
    assert code == 0 and f"hidden: '{mark}'" in said
    assert "2 hidden cells, all safe" in said


@pytest.mark.parametrize(
    ("mark", "ends"),
    [
        ("<5", (0, 4)),
        ("1-4", (1, 4)),
        ("1–4", (1, 4)),
        ("≤4", (0, 4)),
        ("menos de 5", (0, 4)),
        ("[1-4]", (1, 4)),
    ],
)
def test_marks_that_give_a_range_are_read_as_one(mark, ends):
    found = mark_of(mark, zeros=False)
    assert (found.low, found.high) == ends


def test_a_mark_that_may_be_nothing_is_at_least_one_only_where_zeros_are_shown():
    assert mark_of("-", zeros=True).low == 1 and mark_of("-", zeros=False).low == 0


def test_a_mark_that_is_not_known_is_refused_with_those_that_are(table, audit):
    code, _, error = audit(table("form,count\nA,10\nB,few\nTotal,17\n"))
    assert code == 2 and "'few'" in error and "suppressed" in error and error.count("\n") == 1


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("forma", ("Explotación sexual", "Laboral", "Todas las formas")),
        ("rank", ("1", "", "")),
        ("last updated", ("2025-01-31", "2025-01-31", "2025-01-30")),
        ("% of total", ("80.0", "", "100.0")),
        ("rate per 100,000", ("2.9", "", "3.6")),
    ],
)
def test_one_more_column_does_not_hide_a_sum_from_the_audit(column, values, table, audit):
    lines = zip(("Sexual,12", "Labour,c", "Total,15"), values, strict=True)
    text = f'form,count,"{column}"\n' + "".join(f"{line},{value}\n" for line, value in lines)
    code, said, _ = audit(table(text))
    assert code == 1 and "OPEN  form Labour: 3" in said and column in said


def test_a_share_beside_a_hidden_total_opens_it(table, audit):
    text = "form,count,%\nSexual,12,40.0\nLabour,9,30.0\nOther,c,\nDomestic,c,\nTotal,c,100.0\n"
    code, said, _ = audit(table(text))
    assert "% is the share over form" in said
    assert code == 1 and "OPEN  Total: 30" in said


def test_a_number_beside_a_hidden_count_that_is_no_share_is_never_called_safe(table, audit):
    text = "form,count,mean age\nA,12,20.1\nB,c,17.5\nC,c,\nD,9,30\nTotal,35,22\n"
    code, _, error = audit(table(text))
    assert code == 1 and "row 3: mean age is '17.5' beside a hidden count" in error


@pytest.mark.parametrize(
    "column", ["%", "percent of total", "rate per 100,000", "n (%)", "mean age", "note"]
)
def test_what_stands_beside_a_hidden_count_is_blanked_with_it(column, table, protect):
    text = f'age,count,"{column}"\nUnder 18,3,3 (1.7)\n18 and over,177,98.3\nTotal,180,100\n'
    _, out, said, _ = protect(table(text), by="age")
    assert {row[column] for row in rows(out) if row["status"] == "C"} == {""}
    assert f"beside the count: {column}" in said


def test_a_label_in_another_language_stays_beside_a_hidden_count(table, protect):
    text = "form,forma,count\nA,Á,12\nB,Bé,3\nC,Cé,6\nTotal,Todas,21\n"
    _, out, said, _ = protect(table(text), by="form")
    assert [row["forma"] for row in rows(out)] == ["Á", "Bé", "Cé", "Todas"]
    assert "forma is a label of form" in said


def test_the_range_beside_a_hidden_count_is_what_a_reader_works_out(table, protect):
    _, out, _, _ = protect(table(CROSSTAB.format(all="Total")), by="form,district")
    ends = {(row["form"], row["district"]): (row["low"], row["high"]) for row in rows(out)}
    assert ends["Sexual", "Cayo"] == ("1", "10") and ends["Labour", "Belize"] == ("7", "16")
    assert ends["Total", "Total"] == ("", "")


def test_a_range_without_an_upper_end_is_left_open(table, protect):
    _, out, _, _ = protect(table("form,count\nA,3\nB,20\n"), by="form")
    assert [(row["low"], row["high"]) for row in rows(out)] == [("1", ""), ("", "")]


BY_COUNTY = "region,county,count\n" + "".join(
    f"{region},{county},{count}\n{region},Total,{count}\n"
    for region, county, count in [
        ("A", "county-1", 2), ("B", "county-1", 2), ("I", "county-1", 8), ("J", "county-1", 8),
        ("K", "county-2", 3), ("L", "county-2", 3), ("M", "county-2", 3), ("N", "county-2", 7),
    ]
) + "Total,county-1,20\nTotal,county-2,16\nTotal,Total,36\n"  # fmt: skip
BY_GROUP = "region,group,count\n" + "".join(
    f"{region},{group},{count}\n{region},Total,{count}\n"
    for region, group, count in [
        ("A", "small", 2), ("B", "small", 2), ("I", "small", 8), ("J", "small", 8),
        ("K", "small", 3), ("L", "BIG", 3), ("M", "BIG", 3), ("N", "small", 7),
    ]
) + "Total,BIG,6\nTotal,small,30\nTotal,Total,36\n"  # fmt: skip


def test_linked_tables_are_protected_together_and_withstand_the_joint_audit(table, protect, audit):
    """The example of sdcTools/UserSupport #136, where tables protected one by one are open."""
    files = [table(BY_COUNTY, "county.csv"), table(BY_GROUP, "group.csv")]
    code, folder, _, _ = protect(*files, by="region,county,group", out="both")
    assert code == 0
    made = [str(folder / "county.csv"), str(folder / "group.csv")]
    code, said, _ = audit(*made)
    assert code == 0 and "all safe" in said
    county, group = (rows(folder / name) for name in ("county.csv", "group.csv"))
    totals = [
        {r["region"]: r["count"] for r in own if r[c] == "Total"}
        for own, c in ((county, "county"), (group, "group"))
    ]
    assert totals[0] == totals[1]


def test_tables_that_are_protected_one_by_one_are_opened_together(table, protect, audit):
    made = []
    for name, text, by in (("c", BY_COUNTY, "region,county"), ("g", BY_GROUP, "region,group")):
        code, out, _, _ = protect(table(text, f"{name}.csv"), by=by, out=f"alone-{name}.csv")
        assert code == 0 and audit(str(out))[0] == 0
        made.append(str(out))
    code, said, _ = audit(*made)
    assert code == 1 and "OPEN" in said


def test_a_breakdown_in_another_table_that_leaves_some_out_has_a_rest(table, protect):
    whole = table("form,count\nSexual,12\nLabour,20\nTotal,32\n", "whole.csv")
    part = table("form,sex,count\nSexual,F,6\nSexual,M,3\n", "part.csv")
    code, folder, _, _ = protect(whole, part, by="form,sex", out="both")
    assert code == 0
    assert any(row["status"] == "C" for row in rows(folder / "part.csv"))


def test_tables_are_said_to_contradict_one_another_only_when_they_do(table, protect, audit):
    first = table("sex,count\nF,12\nM,9\nTotal,21\n", "a.csv")
    other = table("sex,count\nF,11\nM,9\nTotal,20\n", "b.csv")
    code, _, _, error = protect(first, other, by="sex", out="both")
    assert code == 2 and "contradict one another: sex F is 12 in a.csv and 11 in b.csv" in error
    years = [
        table(f"year,sex,count\n{y},F,{n}\n{y},M,9\n{y},Total,{n + 9}\n", f"{y}.csv")
        for y, n in ((2021, 12), (2022, 11))
    ]
    assert protect(*years, by="year,sex", out="years")[0] == 0
    assert audit(*years)[0] == 0


def test_a_year_that_two_runs_of_years_differ_by_is_opened(table, audit):
    one = table("period,sex,count\n2021-2022,F,9\n2021-2022,M,6\n2021-2022,Total,15\n", "a.csv")
    two = table("period,sex,count\n2021-2023,F,12\n2021-2023,M,7\n2021-2023,Total,19\n", "b.csv")
    code, said, _ = audit(one, two)
    assert code == 1 and "period 2023-01..2023-12 and sex F: 3" in said


def test_pooled_years_are_protected_as_the_sum_of_their_years(table, protect, audit):
    text = "period,count\n2021,3\n2022,6\n2023,7\n2021-2023,16\n"
    code, out, _, _ = protect(table(text), by="period")
    assert code == 0 and sum(row["status"] == "C" for row in rows(out)) == 2
    assert audit(str(out))[0] == 0
    opened = table("period,count\n2021,c\n2022,6\n2023,7\n2021-2023,16\n", "p.csv")
    assert "OPEN  period 2021: 3" in audit(opened)[1]


def test_periods_that_overlap_without_their_parts_are_refused_in_one_line(table, protect):
    code, out, _, error = protect(table("period,count\n2020-2022,30\n2021-2023,28\n"), by="period")
    assert code == 2 and "overlap" in error and error.count("\n") == 1 and not out.exists()


@pytest.mark.parametrize(
    ("label", "months"),
    [
        ("2023", (0, 12)), ("2023-Q2", (3, 6)), ("Q2 2023", (3, 6)), ("2023-H2", (6, 12)),
        ("2023 T4", (9, 12)), ("2023-05", (4, 5)), ("May 2023", (4, 5)), ("ene 2023", (0, 1)),
        ("2023-2024", (0, 24)), ("2023–25", (0, 36)), ("2023 to 2024", (0, 24)),
    ],
)  # fmt: skip
def test_periods_are_read_as_they_are_written(label, months):
    assert span_of(label) == Span(2023 * 12 + months[0], 2023 * 12 + months[1])


@pytest.mark.parametrize("label", ["2023/24", "2023–24", "2023-24", "2023/2024", "2011/12"])
def test_what_may_be_a_financial_year_or_two_years_is_asked_about(label, table, audit, protect):
    text = f"period,count\n{label},12\n2023-Q2,c\n2023-Q3,5\n2023-Q4,2\n2024-Q1,2\n"
    code, _, error = audit(table(text))
    assert code == 2 and "may be a financial year or two years" in error
    assert error.count("\n") == 1 and "row 2" in error
    whole = table(text.replace("c", "3"), "whole.csv")
    assert protect(whole, by="period")[0] == 2


def test_a_month_and_years_in_full_are_no_financial_year():
    assert not any(map(is_two_ways, ["2011-12", "2023-2024", "2021–23", "2023", "2023-Q2", "0-17"]))


@pytest.mark.parametrize("name", ["Status", "estado", "Flag", "OBS_STATUS", "Conf. status"])
def test_a_column_of_statuses_is_one_by_whatever_name(name, table, audit):
    text = f"sex,count,{name}\nTotal,12,OK\nF,9,OK\nM,,C\n"
    code, said, _ = audit(table(text))
    assert code == 1 and "OPEN  sex M: 3" in said and "dimensions sex\n" in said


def test_a_column_called_estado_that_names_states_is_a_dimension(table, audit):
    text = "estado,count\nTotal,12\nJalisco,9\nSonora,c\n"
    assert "OPEN  estado Sonora: 3" in audit(table(text))[1]


@pytest.mark.parametrize("mark", [" k", "\N{NO-BREAK SPACE}p", " p k", " e"])
def test_marks_that_our_pages_set_behind_a_number_are_read(mark, table, audit):
    said = audit(table(f"sex,count\nTotal,12{mark}\nF,9\nM,1–7{mark}\n"))[1]
    assert "OPEN  sex M: 3" in said


def test_the_code_for_all_of_sdmx_is_a_margin(table, audit):
    assert "OPEN  sex M: 3" in audit(table("sex,count\n_T,12\nF,9\nM,c\n"))[1]


@pytest.mark.parametrize("label", ["0-17", "18+", "Cayo", "2023-13", "12"])
def test_what_is_no_period_is_none(label):
    assert span_of(label) is None


def test_pieces_cover_what_labels_cover_and_nothing_else():
    spans = {"2021-2022": Span(0, 24), "2021-2023": Span(0, 36), "2025": Span(48, 60)}
    sums, unprinted = pieces_of(spans)
    assert sums == {"2021-2023": ("2021-2022", "2-01..2-12")} and unprinted == {"2-01..2-12"}


TWO_LEVELS = [
    ("North", 10), ("{North}Corozal", 3), ("{North}Orange Walk", 7),
    ("South", 21), ("{South}Stann Creek", 12), ("{South}Toledo", 9), ("Total", 31),
]  # fmt: skip


@pytest.mark.parametrize("mark", ["North: ", "  ", ""])
def test_labels_on_two_levels_are_read_as_such(mark, table, protect, audit):
    named = {"North": mark, "South": mark.replace("North", "South")}
    text = "place,count\n" + "".join(f"{label.format(**named)},{n}\n" for label, n in TWO_LEVELS)
    code, out, said, _ = protect(table(text), by="place")
    assert code == 0 and "North is the sum of" in said
    hidden = [row["place"].strip() for row in rows(out) if row["status"] == "C"]
    assert len(hidden) == 2 and all(name.endswith(("Corozal", "Orange Walk")) for name in hidden)


def test_a_table_on_two_levels_is_opened_by_its_upper_level(table, audit):
    named = {"North": "North: ", "South": "South: "}
    text = "place,count\n" + "".join(f"{label.format(**named)},{n}\n" for label, n in TWO_LEVELS)
    code, said, _ = audit(table(text.replace("Corozal,3", "Corozal,c")))
    assert code == 1 and "OPEN  place North: Corozal: 3" in said


NESTED = {
    "18+ is the sum of 18-29, 30+": "0-17,20\n18-29,c\n30+,10\n18+,13",
    "Adults is the sum of 18-29, 30 and over": "Under 18,20\n18-29,c\n30 and over,10\nAdults,13",
    "Women and girls is the sum of Women, Girls": "Men,10\nWomen,c\nGirls,9\nWomen and girls,12",
    "Labour is the sum of": "Sexual,20\nLabour,13\nLabour (at sea),c\nLabour (on land),10",
}


@pytest.mark.parametrize("said", NESTED)
def test_labels_that_hold_others_by_what_they_say_are_sums(said, table, audit):
    """Whatever the total is: where other counts are hidden too, it shows no contradiction."""
    code, out, _ = audit(table(f"label,count\n{NESTED[said]}\nOther,c\nUnknown,c\nTotal,90\n"))
    assert code == 1 and said in out and "OPEN  label" in out and ": 3; " in out


@pytest.mark.parametrize("rows", ["0-17,12\n15-24,c\n25+,30", "Labour,12\nof which at sea,c"])
def test_labels_that_overlap_without_adding_up_are_refused_in_one_line(rows, table, audit):
    code, _, error = audit(table(f"label,count\n{rows}\nOther,c\nTotal,90\n"))
    assert code == 2 and error.count("\n") == 1 and ("overlap" in error or "part of" in error)


def test_districts_in_regions_need_no_margin_over_regions(table, protect):
    text = "region,district,count\nN,a,3\nN,b,7\nN,Total,10\nS,c,12\nS,d,9\nS,Total,21\nTotal,Total,31\n"
    code, out, _, _ = protect(table(text), by="region,district")
    assert code == 0 and sum(row["status"] == "C" for row in rows(out)) == 2


def test_without_a_sum_nothing_could_be_attacked(table, audit):
    code, _, error = audit(table("form,count\nA,10\nB,c\nC,7\n"))
    assert code == 1 and "nothing could be attacked" in error


def test_margins_that_do_not_add_up_and_tables_without_counts_are_one_line(table, audit, protect):
    code, _, error = audit(table("form,count\nA,10\nB,9\nC,5\nTotal,31\n"))
    assert code == 2 and "margins do not add up" in error and error.count("\n") == 1
    code, _, error = audit(table("form,count\nA,c\nB,c\nTotal,c\n"))
    assert code == 2 and "no count is shown" in error
    code, _, _, error = protect(table("form,count\nA,\nB,\n"), by="form")
    assert code == 2 and error.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        "citizenship,count\nBelize,7\nMexico,0\nHonduras,0\nTotal,7\n",
        "form,citizenship,count\nS,B,7\nS,M,0\nS,Total,7\nL,B,9\nL,M,8\nL,Total,17\nTotal,B,16\nTotal,M,8\nTotal,Total,24\n",
    ],
)
def test_all_of_a_small_group_in_one_category_is_a_finding_in_one_way_tables_too(
    text, table, protect, audit
):
    code, out, said, error = protect(table(text), by=text.split(",count")[0])
    assert code == 1 and "merge categories before this is published" in error
    assert "GROUP all of" in said
    code, said, error = audit(str(out))
    assert code == 1 and "GROUP" in said and "groups told of" in error


def test_a_large_group_or_one_of_which_nothing_is_known_is_no_finding(table, protect):
    assert protect(table("citizenship,count\nB,70\nM,0\nTotal,70\n"), by="citizenship")[0] == 0
    assert protect(table("citizenship,count\nUnknown,7\nM,0\nTotal,7\n"), by="citizenship")[0] == 0


FOUR_CELLS = """region,form,count
North,a,
North,b,
North,c,9
North,Total,19
Centre,a,
Centre,b,
Centre,c,9
Centre,Total,19
South,a,9
South,b,9
South,c,9
South,Total,27
Total,a,19
Total,b,19
Total,c,27
Total,Total,65
"""


def test_the_audit_says_what_a_person_alone_in_a_cell_works_out(table, audit):
    code, said, error = audit(table(FOUR_CELLS))
    assert code == 1 and "can be opened by a person inside" in error
    assert "INSIDE whoever knows to be the only one in form a and region North works out" in said


def test_an_agency_that_knows_its_own_rows_attacks_when_asked(table, audit):
    shown = table("form,count\nA,12\nB,9\nTotal,21\n", "shown.csv")
    own = table("form,count\nA,10\nB,1\nTotal,11\n", "own.csv")
    code, said, error = audit(shown, "--knows-agency", own)
    assert code == 1 and "AGENCY others in form A: 2" in said
    assert "the agency opens 1 small counts of others" in error
    assert audit(shown)[0] == 0


def test_a_key_file_is_a_secret_of_some_length(table, protect, tmp_path):
    key = tmp_path / "key"
    key.write_bytes(b"short")
    text = table(CROSSTAB.format(all="Total"))
    assert protect(text, by="form,district", more=["--key-file", str(key)])[0] == 2
    key.write_bytes(b"a secret of the data bank")
    first = protect(text, by="form,district", more=["--key-file", str(key)])
    again = protect(text, by="form,district", out="2.csv", more=["--key-file", str(key)])
    assert first[0] == 0 and first[1].read_bytes() == again[1].read_bytes()
