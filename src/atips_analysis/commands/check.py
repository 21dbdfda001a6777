"""`atips check`: judges submissions without storing them; a feedback workbook a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

    from atips_analysis.intake.receipt import Receipt
    from atips_analysis.quality import Judgement

FIRST_PROBLEMS = 5


def check(
    files: list[Path] = typer.Argument(
        ..., metavar="FILE|FOLDER…", help="Submitted files, or folders of them."
    ),
    out: Path = typer.Option(
        None,
        help="Folder for the feedback workbooks (default: data/feedback of the project; where "
        "there is none, feedback).",
    ),
    lang: str = typer.Option(
        "en", help="Language of the feedback, such as es; atips translation lists all."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print the result as JSON alone."),
    quiet: bool = typer.Option(False, "--quiet", help="Print nothing but errors."),
    verbose: bool = typer.Option(False, "--verbose", help="Print every problem."),
) -> None:
    """Judge submissions without storing them; write a feedback workbook for each file."""
    found = _check(files, out, lang)
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=2, ensure_ascii=False))
    elif not quiet:
        typer.echo(found.as_text(None if verbose else FIRST_PROBLEMS))
    if found.to_correct or len(found.intake.faults):
        raise typer.Exit(1)


class _Outcome:
    """What was found in the files, for people and for programs."""

    def __init__(
        self, intake: Any, judgement: Judgement, empty: pd.DataFrame, written: dict[str, Path]
    ) -> None:
        self.intake, self.judgement, self.empty, self.written = intake, judgement, empty, written

    @property
    def to_correct(self) -> bool:
        """Whether any row is quarantined, or a sheet has neither a row nor a nil return."""
        quarantined = sum(
            int((frame["verdict"] == "quarantined").sum())
            for frame in self.judgement.verdicts.values()
        )
        return quarantined > 0 or len(self.empty) > 0 or self._nothing_at_all()

    def as_json(self) -> dict[str, Any]:
        account = self.judgement.account
        rows = account[["read", "accepted", "quarantined", "duplicates"]].sum()
        return {
            "files": [self._file_as_json(about) for about in self._files()],
            "totals": {name: int(value) for name, value in rows.items()},
            "unusable": self.intake.faults.to_dict("records"),
            "findings": json.loads(self.judgement.findings.to_json(orient="records")),
            "to_correct": self.to_correct,
        }

    def _receipt(self, file: str) -> Receipt:
        from atips_analysis.codebook import load_codebook
        from atips_analysis.intake.receipt import receipt_of

        return receipt_of(self.intake, self.judgement.verdicts, file, load_codebook())

    def as_text(self, most: int | None) -> str:
        from atips_analysis.codebook import load_codebook

        streams, lines = load_codebook().streams, []
        for about in self._files():
            file = about["file"]
            mark = "  (simulated records)" if about.get("simulated") else ""
            lines.append(f"{file}: {about['submitted_by']}, {about['submitted_for']}{mark}")
            lines.append(
                f"  {'sheet':<28}{'rows':>7}{'accepted':>10}{'to correct':>12}{'repeated':>10}"
            )
            for item in self._streams(file):
                name = streams[item["stream"]].label_en
                line = (
                    f"  {name:<28}{item['read']:>7}{item['accepted']:>10}"
                    f"{item['quarantined']:>12}{item['duplicates']:>10}"
                )
                remark = {
                    "nil return": "  nothing to report: a true zero",
                    "missing": "  no row and no nil return",
                }.get(item["state"], "")
                lines.append(line + remark)
            codebook = load_codebook()
            lines += [f"  {line}" for line in self._receipt(file).lines(codebook)]
            lines += self._problems(file, most)
            if file in self.written:
                lines.append(f"  feedback: {self.written[file]}")
            lines.append("")
        lines += [f"cannot be used: {fault}" for fault in self.intake.faults["fault"]]
        others = self.intake.notes[self.intake.notes["note"].str.startswith("not a submission")]
        lines += [f"not read: {name} ({self._why(name)})" for name in others["file"]]
        if self._open_questions():
            lines.append(f"questions to answer: {self._open_questions()}")
        verdict = "there is something to correct" if self.to_correct else "nothing to correct"
        return "\n".join([*lines, verdict])

    def _open_questions(self) -> int:
        asked = self.intake.questions
        return int(asked.loc[asked["answer"] == "", "id"].nunique())

    @staticmethod
    def _why(name: str) -> str:
        kind = name.rpartition(".")[2].lower()
        if kind in ("doc", "docx", "pdf", "odt", "rtf", "msg", "eml"):
            return "a letter or a picture of a table; ask for the table as .xlsx or .csv"
        return "no table that is read here"

    def _files(self) -> list[dict[str, Any]]:
        files: list[dict[str, Any]] = self.intake.files.to_dict("records")
        return files

    def _file_as_json(self, about: dict[str, Any]) -> dict[str, Any]:
        from atips_analysis.codebook import load_codebook

        file = about["file"]
        return {
            "file": file,
            "submitted_by": about["submitted_by"],
            "submitted_for": int(about["submitted_for"]),
            "simulated": bool(about.get("simulated", False)),
            "state": about.get("state", "current"),
            "streams": self._streams(file),
            "receipt": self._receipt(file).as_json(load_codebook()),
            "feedback": str(self.written[file]) if file in self.written else None,
        }

    def _streams(self, file: str) -> list[dict[str, Any]]:
        sheets = self.intake.sheets
        own = sheets[(sheets["file"] == file) & sheets["stream"].isin(self.judgement.verdicts)]
        account = self.judgement.account
        found = []
        for stream, rows in own.groupby("stream", sort=False):
            counts = account[(account["file"] == file) & (account["stream"] == stream)]
            item: dict[str, Any] = {"stream": stream}
            for name in ("read", "accepted", "quarantined", "duplicates"):
                item[name] = int(counts[name].sum())
            nil = bool(rows["nil_return"].fillna(False).astype(bool).any())
            item["nil_return"] = nil
            item["state"] = "rows" if item["read"] else "nil return" if nil else "missing"
            found.append(item)
        return found

    def _problems(self, file: str, most: int | None) -> list[str]:
        from atips_analysis.quality.feedback import findings_of

        found = findings_of(self.judgement, file)
        rank = {"critical": 0, "warning": 1, "info": 2}
        found = found.assign(rank=found["severity"].map(rank)).sort_values("rank", kind="stable")
        problems = [
            f"  {finding['sheet'] or finding['stream']}, row {finding['row']}: {finding['reason']}"
            f"{self._as_sent(finding)} {finding['remedy']}"
            for finding in found[
                (found["severity"] != "info") & (found["rule"] != "question")
            ].to_dict("records")
        ]
        if most is None or len(problems) <= most:
            return problems
        more = f"  … and {len(problems) - most} more: see the feedback workbook, or --verbose"
        return [*problems[:most], more]

    def _as_sent(self, finding: dict[str, Any]) -> str:
        """What the cell held, where cleaning made another text of it and the reason tells that."""
        sent = self.intake.frames[finding["stream"]]
        rows = sent[
            (sent["file"] == finding["file"])
            & (sent["sheet"].fillna("") == (finding["sheet"] or ""))
            & (sent["row"] == finding["row"])
        ]
        if rows.empty or finding["column"] not in rows:
            return ""
        text = rows[finding["column"]].iloc[0]
        if not isinstance(text, str) or text in finding["reason"] or text == finding["value"]:
            return ""
        return f" The cell holds “{text}”."

    def _nothing_at_all(self) -> bool:
        current = self.intake.files
        current = current[current["state"] != "replaced"]["file"]
        return any(
            all(item["state"] == "missing" for item in self._streams(file)) for file in current
        )


def _check(files: list[Path], out: Path | None, lang: str) -> _Outcome:
    from atips_analysis.codebook import load_codebook
    from atips_analysis.intake import read_files
    from atips_analysis.intake.limits import GENEROUS
    from atips_analysis.project import find_registers
    from atips_analysis.quality.edition_gate import empty_sheets
    from atips_analysis.quality.feedback import write_feedback
    from atips_analysis.quality.waiting import judge_intake
    from atips_analysis.words import locale_of

    locale_of(lang)  # a language without a catalogue is refused before anything is read
    project, codebook = find_registers(), load_codebook()
    if out is not None:
        project.refuse_published(out)
    intake = read_files(files, codebook, limits=GENEROUS)
    _, judgement = judge_intake(intake, codebook, project.expectations, extent="part")
    folder = out or (Path() if project.read_only else project.data) / "feedback"
    current = intake.files[intake.files["state"] != "replaced"]["file"]
    written = {
        file: write_feedback(folder / name, intake, judgement, lang, file)
        for file, name in feedback_names(list(current)).items()
    }
    return _Outcome(intake, judgement, empty_sheets(intake.sheets, intake.files), written)


def feedback_names(files: list[str]) -> dict[str, str]:
    """A feedback workbook's name for each file; two files never share one."""
    stems = [Path(file).stem for file in files]
    names: dict[str, str] = {}
    for file, stem in zip(files, stems, strict=True):
        whole = file.replace("/", "_").replace("\\", "_").replace(".", "_")
        names[file] = f"{stem if stems.count(stem) == 1 else whole}-feedback.xlsx"
    return names
