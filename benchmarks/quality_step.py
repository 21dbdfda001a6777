"""The quality step on many victims' rows, against Great Expectations run plainly on the same suite.

`python benchmarks/quality_step.py [--rows 1000000] [--plain-rows 1000000]`. Rows are simulated, one
in a thousand is wrong. Both runs judge the same frame by the same suite; the plain run asks Great
Expectations for the failing rows of every expectation, as its documentation does.
Prints JSON: seconds of processor time of each, their ratio, and the largest memory used so far (MiB, where known).
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

import numpy as np
import pandas as pd

from atips_analysis.codebook import load_codebook
from atips_analysis.project import find_project
from atips_analysis.quality import judge
from atips_analysis.quality.expectation_kinds import KINDS, Returns
from atips_analysis.quality.suites import load_suite
from atips_analysis.quality.validation import run_suite

SEED = 20240101
WRONG = 0.001


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--plain-rows", type=int, default=None, help="default: as many as --rows")
    wanted = parser.parse_args()
    plain_rows = wanted.plain_rows or wanted.rows
    codebook, folder = load_codebook(), find_project().expectations
    frames = simulated_victims(1000)
    judge(frames, codebook, folder)  # imports Great Expectations outside the measurement
    frames = simulated_victims(wanted.rows)
    began = time.process_time()
    judgement = judge(frames, codebook, folder)
    ours = time.process_time() - began
    frames = simulated_victims(plain_rows)
    began = time.process_time()
    judged_plainly(frames)
    plain = time.process_time() - began
    result: dict[str, Any] = {
        "rows": wanted.rows,
        "judge_seconds": round(ours, 1),
        "quarantined": int((judgement.verdicts["victims"]["verdict"] == "quarantined").sum()),
        "findings": len(judgement.findings),
        "plain_rows": plain_rows,
        "plain_seconds": round(plain, 1),
        "ratio_per_row": round((ours / wanted.rows) / (plain / plain_rows), 3),
        "peak_mib": peak_memory(),
    }
    print(json.dumps(result, indent=2))


def simulated_victims(rows: int) -> dict[str, pd.DataFrame]:
    """Rows of victims (and the cases that they point to) that are right but for one in a thousand."""
    random = np.random.default_rng(SEED)
    number = np.arange(rows)
    adult = random.random(rows) < 0.5
    case = number // 50
    names = np.char.add("BZ-CASE-2024-", np.char.zfill(case.astype(str), 4))
    victim = np.char.zfill(np.vectorize(lambda value: f"{value:x}")(number), 16)
    frame = pd.DataFrame(
        {
            "victim_id": victim,
            "case_id": names,
            "identified_year": "2024",
            "sex": random.choice(["F", "M"], rows),
            "age_years_ident": np.where(adult, "25", "15"),
            "age_group": np.where(adult, "ADULT", "CHILD"),
            "age_at_exploit_group": np.where(adult, "ADULT", "CHILD"),
            "citizenship": random.choice(["BLZ", "GTM", "HND", "SLV"], rows),
            "status": random.choice(["POTENTIAL", "CONFIRMED"], rows),
            "status_date": random.choice([f"2024-{m:02d}" for m in range(1, 13)], rows),
            "decision_by": "DHS",
            "form": np.where(adult, "SEX_ADULT", "SEX_CSEC"),
            "primary_form": "yes",
            "sexual_type": "PROSTITUTION",
            "country_of_exploitation": "BLZ",
            "means_of_control": random.choice(["THREATS", "THREATS;PHYS_ABUSE"], rows),
            "consent_statistics": "yes",
        },
        dtype="str",
    )
    wrong = random.random(rows) < WRONG
    frame.loc[wrong, "sex"] = "femle"
    first = np.unique(case, return_index=True)[1]
    cases = pd.DataFrame(
        {
            "case_id": names[first],
            "ref_year": "2024",
            "opened_date": "2024-01",
            "carried_over": "no",
            "referral_source": "BPD",
            "district": "CY",
            "geographic_flow": "DOMESTIC",
            "means": "FORCE",
            "stage": "INVEST",
        },
        dtype="str",
    )
    return {"victims": _sent(frame, "DHS"), "cases": _sent(cases, "BPD_ATIPS")}


def judged_plainly(frames: dict[str, pd.DataFrame]) -> list[Any]:
    """Great Expectations on every row: the same rules, but those asked last."""
    from atips_analysis.quality.expectations import looking_up_in, parameters

    codebook = load_codebook()
    frame = frames["victims"]
    known = [column.name for column in codebook.streams["victims"].columns]
    frame = frame.reindex(columns=[*known, *frame.columns.difference(known)])
    frame[known] = frame[known].astype("str")
    rules = load_suite(find_project().expectations, "victims", codebook)
    last = {name for name, kind in KINDS.items() if kind.last}
    items = [
        rule.expectation for rule in rules if rule.reads and rule.expectation["type"] not in last
    ]
    with looking_up_in(Returns(codebook, frames)):
        return run_suite(
            frame.assign(at=np.arange(len(frame))),
            items,
            parameters(codebook),
            {"result_format": "COMPLETE", "unexpected_index_column_names": ["at"]},
        )


def peak_memory() -> int | None:
    """The most memory that the process has held, in bytes; None where it is not told."""
    if sys.platform == "win32":
        return None
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(used / (1024 * 1024 if sys.platform == "darwin" else 1024))


def _sent(frame: pd.DataFrame, agency: str) -> pd.DataFrame:
    return frame.assign(
        file=f"{agency}_2024.csv",
        sheet="",
        row=np.arange(2, len(frame) + 2),
        submitted_by=agency,
        submitted_for=2024,
        source="simulated",
    )


if __name__ == "__main__":
    main()
