"""What a report says of the frozen baseline."""

from __future__ import annotations

import pandas as pd

from atips_analysis.pages import revised_table, seal_table
from atips_analysis.pages.frozen import Standing


class Frozen:
    seal = {"frozen_by": "Chair, M&E Committee", "edition": "aaaaaaaaaaaa", "sha256": "b" * 64}


def test_a_baseline_that_nobody_froze_is_said_not_to_be_frozen():
    text = Standing(None, pd.DataFrame(), "2021-2023").sentence
    assert "**not frozen**" in text and "until the Monitoring and Evaluation Committee" in text


def test_a_frozen_baseline_is_named_with_role_edition_and_seal():
    text = Standing(Frozen(), pd.DataFrame(), "2021-2023").sentence  # type: ignore[arg-type]
    assert "Chair, M&E Committee" in text and "aaaaaaaaaaaa" in text and "b" * 16 in text
    assert "Nothing that it prints has been revised" in text


def test_a_revision_since_is_said_with_how_many_values():
    revised = pd.DataFrame({"frozen": [1.0, 2.0], "today": [2.0, 3.0]})
    text = Standing(Frozen(), revised, "2021-2023").sentence  # type: ignore[arg-type]
    assert "2 values have been revised" in " ".join(text.split())
    assert "this report prints today's values" in text


def test_a_number_that_only_its_rounding_may_have_moved_is_no_revision(monkeypatch):
    from atips_analysis.pages import frozen as module

    found = pd.DataFrame(
        {"frozen": [10.0, 3.0], "today": [15.0, 4.0]}
        | {"frozen_status": ["R", "OK"], "today_status": ["OK", "OK"]}
    )
    monkeypatch.setattr(module, "find_baseline", lambda *_, **__: Frozen)
    monkeypatch.setattr(Frozen, "table", None, raising=False)
    monkeypatch.setattr(module, "differences", lambda *_: found)
    monkeypatch.setattr(module, "narrow", lambda table: table)

    class Tidy:
        simulated, table = True, None

    standing = module.standing(Tidy(), None, "2021-2023")  # type: ignore[arg-type]
    assert standing.revised["today"].tolist() == [4.0]


def test_the_seal_is_shown_with_its_role_edition_and_how_many_values_it_holds(monkeypatch):
    monkeypatch.setattr(Frozen, "table", pd.DataFrame({"value": range(1297)}), raising=False)
    found = Standing(Frozen(), pd.DataFrame(), "2021-2023")  # type: ignore[arg-type]
    said = seal_table(found).set_index("Seal")["What it says"].to_dict()
    assert said == {
        "Frozen by": "Chair, M&E Committee",
        "Years": "2021–2023",
        "Edition of the data bank": "aaaaaaaaaaaa",
        "Values sealed": 1297,
        "Seal (SHA-256)": "b" * 64,
    }


def test_where_nothing_is_frozen_there_is_no_seal_and_no_revision():
    found = Standing(None, pd.DataFrame(), "2021-2023")
    assert seal_table(found).empty
    assert revised_table(found, None).empty  # type: ignore[arg-type]
