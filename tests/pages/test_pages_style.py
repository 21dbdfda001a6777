"""A figure looks the same whoever draws it, whatever the settings and fonts of the user."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from matplotlib import font_manager, pyplot

from atips_analysis.pages.drawing import drawing, house_style
from atips_analysis.pages.key_figures import small_years
from atips_analysis.pages.numbers import Cell


def drawn() -> str:
    with house_style():
        figure, axes = pyplot.subplots(figsize=(3, 2))
        axes.plot([1, 2, 3], [3, 1, 2])
        axes.set_title("Cases")
    return drawing(figure, "Three cases in three years.").svg


def test_a_users_own_settings_change_no_byte_of_a_figure() -> None:
    usual = drawn()
    with mpl.rc_context({"lines.linewidth": 9, "axes.facecolor": "red", "font.size": 30}):
        assert drawn() == usual
        assert mpl.rcParams["font.size"] == 30, "what the user set is there again"


def test_a_label_is_words_whatever_stands_between_two_dollars() -> None:
    with house_style():
        figure, axes = pyplot.subplots(figsize=(3, 2))
        axes.set_title(r"From $5 to $\nothing$")
    assert "<svg" in drawing(figure, "One.").svg


def test_a_font_of_the_same_name_in_the_users_folder_changes_no_byte(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = drawn()
    fonts = font_manager.fontManager
    other = next(font for font in fonts.ttflist if font.name == "DejaVu Serif")
    stranger = font_manager.FontEntry(
        other.fname, "Source Sans Pro", "normal", "normal", 400, "normal", "scalable"
    )
    monkeypatch.setattr(fonts, "ttflist", [stranger, *fonts.ttflist])
    fonts._findfont_cached.cache_clear()
    assert drawn() == usual


def test_small_years_say_each_year_and_hatch_one_that_is_hidden() -> None:
    cells = [Cell(None, "C"), Cell(0.0, "Z"), Cell(5.0, "PV"), Cell(12.0)]
    picture = small_years([2021, 2022, 2023, 2024], cells, "persons convicted", "en")
    assert picture.alt == (
        "persons convicted. 2021: hidden for protection; 2022: 0; 2023: 5; 2024: 12."
    )
    assert [cell.status for cell in picture.marked] == ["C", "Z", "PV", "OK"]
