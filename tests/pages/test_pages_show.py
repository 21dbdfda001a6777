"""What JupyterLab shows of a table is what the page shows."""

from __future__ import annotations

import pandas as pd

from atips_analysis.pages import Cell, show


def test_a_year_has_no_thousands_separator_in_jupyterlab_either() -> None:
    frame = pd.DataFrame({"Year": [2024], "Victims": [Cell(1234)], "Rate": [1.5]})
    shown = show(frame, "Victims", "tbl-victims", decimals={"Rate": 2})
    bundle = shown._repr_mimebundle_()
    assert "| 2024 | 1,234 | 1.50 |" in bundle["text/markdown"]
    for text in ("2024", "1,234", "1.50"):
        assert f"<td>{text}</td>" in bundle["text/html"]
