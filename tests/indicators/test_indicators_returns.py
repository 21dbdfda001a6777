"""Quality scores of returns, out of an edition: the same as the judge's own."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from atips_analysis.codebook import load_codebook
from atips_analysis.indicators.returns_of_edition import judgement_of
from atips_analysis.quality.scores import quality_scores


class Edition:
    """An edition of invented meetings and victims, of which one row was set aside, one a copy."""

    def __init__(self, invented):
        meetings = [
            {"engagement_id": f"E{n}", "month": "2024-02", "kind": "COUNCIL", "held": n < 3}
            for n in range(4)
        ]
        self.frames = {name: invented.frame(name) for name in load_codebook().streams}
        self.frames["engagements"] = invented.frame("engagements", *meetings)
        self.frames["victims"] = invented.frame(
            "victims",
            invented.victim("a" * 16),
            invented.victim("b" * 16, consent_statistics=False),
        )

    def frame(self, stream):
        return self.frames[stream]

    def kept(self, table):
        if table == "findings":
            found = {
                "stream": "engagements", "file": "DHS_2024.xlsx", "sheet": "engagements", "row": 9,
                "submitted_by": "DHS", "submitted_for": 2024, "column": "kind", "value": "TEA",
                "rule": "value set", "severity": "critical",
            }  # fmt: skip
            return pd.DataFrame([found]).astype({"row": "Int64"})
        row = 9 if table == "quarantine" else 10
        rows = self.frames["engagements"].iloc[:1].assign(stream="engagements", row=row)
        return rows.assign(held="yes", kind="TEA" if row == 9 else "COUNCIL")


def test_every_row_that_was_read_is_judged_again_as_it_was(invented):
    verdicts = judgement_of(Edition(invented)).verdicts["engagements"]
    assert list(verdicts["verdict"]) == ["accepted"] * 4 + ["quarantined", "duplicate"]
    assert set(verdicts["held"]) == {"yes", "no"}


def test_scores_of_an_edition_can_be_counted_by_hand(invented):
    scores = quality_scores(judgement_of(Edition(invented)), load_codebook())
    own = scores[scores["stream"] == "engagements"].set_index("dimension")
    assert own.loc["validity", "of"] == 5 * 4 and own.loc["validity", "met"] == 5 * 4 - 1
    assert (own.loc["uniqueness", "met"], own.loc["uniqueness", "of"]) == (5, 6)
    assert own.loc["timeliness", "status"] == "NC"


def test_the_score_of_returns_is_a_mean_of_agencies_whatever_their_size(invented):
    scores = [
        (by, 2024, stream, dimension, score)
        for by, stream, score in (
            ("DHS", "victims", 80.0),
            ("DHS", "services", 100.0),
            ("JUD", "charges", 60.0),
        )
        for dimension in ("completeness", "validity", "consistency")
    ]
    scores += [("DHS", 2024, "victims", "uniqueness", 0.0)]
    scores += [("DHS", 2024, "victims", "timeliness", None)]
    columns = ["submitted_by", "submitted_for", "stream", "dimension", "score"]
    table = pd.DataFrame(scores, columns=columns)
    rows = replace(invented.bank(), scores=lambda: table)
    row = invented.row(rows, "PART-08")
    assert row["value"] == pytest.approx((90 + 60) / 2) and row["denominator"] == 2
    assert row["note"].startswith("without timeliness")
    assert invented.value(rows, "PART-08", quality="VALIDITY") == pytest.approx((90 + 60) / 2)
    timeliness = invented.row(rows, "PART-08", quality="TIMELINESS")
    assert (
        timeliness["status"] == "NC" and "the day on which a return was sent" in timeliness["note"]
    )


def test_the_score_of_an_agency_is_computed_on_the_confidential_side_only(invented):
    from atips_analysis.indicators import compute, parse_period, wide
    from atips_analysis.indicators.edition_table import confidential_breakdowns

    columns = ["submitted_by", "submitted_for", "stream", "dimension", "score"]
    scores = [
        ("DHS", 2024, "victims", "validity", 80.0),
        ("JUD", 2024, "charges", "validity", 60.0),
    ]
    table = pd.DataFrame(scores, columns=columns)
    rows = replace(invented.bank(), scores=lambda: table)
    asked = (rows, [parse_period("2024")], ["PART-08"])
    public = wide(compute(*asked, population=invented.population))
    assert set(public["agency"]) == {"Total"}
    more = confidential_breakdowns()
    inside = wide(compute(*asked, population=invented.population, also_by=more)).set_index(
        ["agency", "quality"]
    )["value"]
    assert (inside["DHS", "Total"], inside["JUD", "VALIDITY"]) == (80.0, 60.0)


def test_without_scores_the_score_of_returns_is_missing_and_not_zero(invented):
    for period in ("2024", "2024-H1"):
        row = invented.row(invented.bank(), "PART-08", period)
        assert row["status"] == "M" and pd.isna(row["value"])
