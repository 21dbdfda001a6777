"""Numbers that a researcher owns: a row a victim, long tables, files with labels, citations."""

from __future__ import annotations

import hashlib
import json
import subprocess
from pathlib import Path

import pandas as pd
import pytest

import atips_analysis as atips
from atips_analysis.errors import InputError
from atips_analysis.project import Project, commit_of, commit_of_code, find_project

HERE = find_project(Path(__file__).parent)


def tidy() -> pd.DataFrame:
    """A table of the API: a total, two hidden and a crossed count, a share and a rate."""
    return pd.DataFrame(
        {
            "indicator_id": "PROT-01",
            "unit_of_count": "VICTIM",
            "statistic": ["count", "count", "count", "count", "percent", "rate"],
            "period": "2021-2023",
            "sex": ["Total", "M", "F", "F", "F", "Total"],
            "form": ["Total", "Total", "Total", "LAB", "Total", "Total"],
            "value": pd.array([44, None, None, 7, 81.1, 3.2], dtype="Float64"),
            "numerator": pd.array([None, None, None, None, 30, 13], dtype="Float64"),
            "denominator": pd.array([None, None, None, None, 37, 406000], dtype="Float64"),
            "ci_low": pd.array([None] * 6, dtype="Float64"),
            "ci_high": pd.array([None] * 6, dtype="Float64"),
            "method": "",
            "status": ["OK", "C", "C", "OK", "OK", "OK"],
            "source": "simulated",
            "vintage": "0123456789ab",
            "note": ["", "", "", "kept as printed earlier", "", ""],
        }
    )


def test_the_long_table_says_of_how_many_each_number_is() -> None:
    long = atips.long_table(tidy())
    assert long["breakdown"].tolist() == ["Total", "sex", "sex", "sex x form", "sex", "Total"]
    assert long["category"].tolist() == ["Total", "M", "F", "F x LAB", "F", "Total"]
    assert long["value"].astype(object).where(long["value"].notna(), None).tolist() == [
        44,
        None,
        None,
        7,
        81.1,
        3.2,
    ]
    assert long["n"].dropna().to_dict() == {0: 44, 3: 7, 4: 37, 5: 13}
    assert long["note"][3] == "kept as printed earlier", "whoever reads the long table sees it too"
    assert set(long.columns) <= set(atips.LONG)
    with pytest.raises(InputError, match="no column indicator_id"):
        atips.long_table(pd.DataFrame({"a": [1]}))


def test_a_stata_file_has_labels_for_columns_and_codes_and_the_same_bytes(tmp_path: Path) -> None:
    file = atips.write_stata(tidy(), tmp_path / "table.dta")
    again = atips.write_stata(tidy(), tmp_path / "again.dta")
    assert file.read_bytes() == again.read_bytes()
    with pd.io.stata.StataReader(file) as reader:
        assert reader.data_label == "edition 0123456789ab, SIMULATED records"
        assert reader.value_labels()["sex"] == {0: "Total", 1: "F: Female", 2: "M: Male"}
        assert reader.variable_labels()["value"].startswith("the number")
    read = pd.read_stata(file)
    assert read["sex"].tolist() == ["Total", "M: Male", *["F: Female"] * 3, "Total"]
    assert read["value"].isna().tolist() == [False, True, True, False, False, False]
    long = pd.read_stata(atips.write_stata(atips.long_table(tidy()), tmp_path / "long.dta"))
    assert long["n"].dropna().tolist() == [44, 7, 37, 13]


def test_a_citation_names_edition_indicator_commit_and_the_hash_of_the_table() -> None:
    table = tidy()
    said = atips.cite(table.iloc[3], table)
    digest = hashlib.sha256(table.to_csv(index=False, lineterminator="\n").encode()).hexdigest()
    assert said == (
        "PROT-01, victim count, 2021-2023, sex F, form LAB. Data bank, edition 0123456789ab "
        f"(simulated records). atips-analysis {atips.__version__}, commit {commit_of_code()}. "
        f"Table sha256 {digest}."
    )
    with pytest.raises(InputError, match=r"atips\.cite\(row, frame\)"):
        atips.cite(table.iloc[3])
    with pytest.raises(InputError, match=r"frame\.iloc\[0\]"):
        atips.cite(table)


def test_a_published_number_is_cited_with_the_hash_of_its_file(reports: Path) -> None:
    table = atips.public_table(reports)
    file = next(reports.rglob("indicators.csv"))
    assert hashlib.sha256(file.read_bytes()).hexdigest() in atips.cite(table.iloc[0], table)


def test_a_row_a_victim_is_what_the_indicators_count(house: Project, bank) -> None:
    opened = atips.open_databank(house.databank)
    for year, count in {2021: 12, 2024: 24}.items():
        victims = opened.victims(year=year, confidential=True)
        assert len(victims) == victims["key"].nunique() == count
    assert len(opened.victims(confidential=True)) == 70
    girls = opened.victims(year=[2023, 2024], sex="F", age_group="CHILD", confidential=True)
    assert set(girls["sex"]) == {"F"} and set(girls["identified_year"]) == {2023, 2024}
    raw = opened.victims(year=2024, as_submitted=True, confidential=True)
    assert {"file", "row", "means_of_control"} <= set(raw.columns)
    with pytest.raises(InputError, match="no column 'gender'"):
        opened.victims(gender="F", confidential=True)


def test_any_frame_is_shown_with_its_n() -> None:
    table = atips.show(tidy(), "Victims")
    assert table.frame["n"].tolist() == [None, None, None, None, 37, 13]
    assert "n" not in atips.show(tidy()[:4], "Victims").frame, "a count is of itself"
    plain = atips.show(pd.DataFrame({"Year": [2023, 2024], "Sessions": [5, 7]}), "Sessions")
    assert plain.note == "n = 2 rows" and plain.frame["Sessions"].tolist() == [5, 7]


def test_the_package_shows_what_researchers_use_and_nothing_else() -> None:
    names = dir(atips)
    assert not {"Any", "TYPE_CHECKING", "api", "annotations"} & set(names)
    assert {"cite", "indicator", "long_table", "open_databank", "show"} <= set(names)
    assert all(hasattr(atips, name) for name in names)


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    done = subprocess.run(
        ["git", *who, *words], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_commit_is_that_of_the_checkout_and_a_dirty_tree_says_so(tmp_path: Path) -> None:
    assert commit_of(tmp_path) == "unknown"
    (tmp_path / "src").mkdir()
    code = tmp_path / "src" / "code.py"
    code.write_text("one = 1\n", "utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "One")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert commit_of(tmp_path) == head
    (tmp_path / "notes.txt").write_text("beside the code\n", "utf-8")
    assert commit_of(tmp_path) == head
    code.write_text("one = 2\n", "utf-8")
    assert commit_of(tmp_path) == f"{head}-dirty"


def test_what_the_page_for_researchers_says_of_numbers_to_take_away_runs(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    cells = json.loads((HERE.notebooks / "for-researchers.ipynb").read_text("utf-8"))["cells"]
    text = "".join(line for cell in cells for line in cell["source"])
    section = text.partition("{#sec-own}")[2].partition("# A notebook")[0]
    code = section.partition("``` python\n")[2].partition("```")[0]
    monkeypatch.chdir(tmp_path)
    table = next(reports.rglob("indicators.csv")).parent.as_posix()
    exec(code.replace("reports/2024-simulated", table), {"atips": atips})
    assert (tmp_path / "indicators.dta").is_file()
    assert "commit" in capsys.readouterr().out
