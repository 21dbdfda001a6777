"""How off-form returns are read: rows read right, asked about, refused, and wrong.

    python benchmarks/returns.py [--verbose] [WORD…]

Each file is read twice: as it comes, and with the one answer that its author would give. Wrong is a
row that was accepted with another value than its truth, that is no data, or that is gone without a
word; it must be none, and the exit code is 1 where there is one.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import returns_beside  # noqa: F401  (its styles join the list)
import returns_binary  # noqa: F401
from returns_styles import STYLES, Style, write

from atips_analysis.codebook import fold, load_codebook
from atips_analysis.errors import InputError
from atips_analysis.intake import read_submissions
from atips_analysis.intake.settled import Settled
from atips_analysis.quality.waiting import judge_intake

FATES = ("read", "asked", "refused", "wrong")
ROOT = Path(__file__).resolve().parents[1]


def fates(one: Style, folder: Path, settled: Settled) -> tuple[Counter[str], list[str], Any]:
    """What became of each row of a file, what was wrong, and the intake."""
    codebook = load_codebook()
    counted: Counter[str] = Counter()
    try:
        intake = read_submissions(folder, codebook, settled)
    except InputError:
        return Counter(refused=max(1, len(one.truth))), [], None
    _, judgement = judge_intake(intake, codebook, ROOT / "expectations", extent="part")
    rows = judgement.verdicts[one.stream]
    waiting = set(intake.waiting["row"])
    left_out = " ".join(intake.notes["note"].astype(str)) + str(set(intake.notes["row"].dropna()))
    # a column that was not understood is told on the receipt: its blanks are no misreading
    unused = bool((intake.headers["how"] == "ignored").any())
    wrong = []
    for number, truth in one.truth.items():
        own = rows[rows["row"] == number]
        if own.empty:
            asked = intake.questions["id"].nunique() > 0 or f"{number}" in left_out
            counted["refused" if asked else "wrong"] += 1
            wrong += [] if asked else [f"row {number} is gone without a word"]
            continue
        row = own.iloc[0]
        if row["verdict"] != "accepted":
            counted["asked" if number in waiting else "refused"] += 1
            continue
        other = [
            f"{name} {row[name]} for {value or 'nothing'}"
            for name, value in truth.items()
            if _text(row[name]) != value and not (unused and not _text(row[name]))
        ]
        counted["wrong" if other else "read"] += 1
        wrong += [f"row {number}: {', '.join(other)}"] if other else []
    more = rows[(rows["verdict"] == "accepted") & ~rows["row"].isin(list(one.truth))]
    counted["wrong"] += len(more)
    wrong += [f"row {row} is no data" for row in more["row"]]
    return counted, wrong, intake


def answered(one: Style, intake: Any) -> Settled:
    """The answers that the file's author would give."""
    given: dict[tuple[str, str], dict[tuple[str, str], str]] = {}
    agency = str(intake.files["submitted_by"].iloc[0])
    for question in intake.questions.to_dict("records"):
        answer = one.answers.get(question["kind"])
        if answer in str(question["choices"]).split("\n"):
            place = given.setdefault((agency, question["stream"]), {})
            place[question["kind"], fold(question["about"])] = str(answer)
    return Settled(given)  # type: ignore[arg-type]


def main(words: list[str]) -> int:
    verbose = "--verbose" in words
    chosen = [word for word in words if not word.startswith("-")]
    styles = [make() for make in STYLES]
    styles = [one for one in styles if not chosen or any(word in one.title for word in chosen)]
    whole: Counter[str] = Counter()
    after: Counter[str] = Counter()
    print(f"{'file':<52}{'read':>6}{'asked':>7}{'refused':>9}{'wrong':>7}   after one answer")
    with tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(styles):
            where = write(one, Path(folder) / str(number))
            first, wrong, intake = fates(one, where, Settled())
            second, wrong_too = first, []
            if intake is not None and first["asked"]:
                second, wrong_too, _ = fates(one, where, answered(one, intake))
            whole += first
            after += second
            numbers = "".join(
                f"{first[fate]:>{width}}" for fate, width in zip(FATES, (6, 7, 9, 7), strict=True)
            )
            said = " ".join(f"{second[fate]} {fate}" for fate in FATES if second[fate])
            print(f"{one.title[:51]:<52}{numbers}   {said}")
            for line in [*wrong, *wrong_too]:
                print(f"    WRONG {line}")
            if verbose and intake is not None:
                for text in intake.questions["question"].unique():
                    print(f"    asked: {text}")
    for name, counts in (("as they come", whole), ("after at most one answer", after)):
        listed = ", ".join(f"{counts[fate]} {fate}" for fate in FATES)
        print(f"{len(styles)} files, {sum(counts.values())} rows, {name}: {listed}")
    return 1 if whole["wrong"] or after["wrong"] else 0


def _text(value: Any) -> str:
    return "" if value is None or value != value else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
