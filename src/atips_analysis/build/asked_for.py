"""What a build is asked for, and where it lies; nothing that takes time is imported."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from atips_analysis.errors import InputError
from atips_analysis.files import read_json
from atips_analysis.project import Project

if TYPE_CHECKING:
    from atips_analysis.indicators import Period

RendererChoice = Literal["auto", "quarto", "embedded"]


@dataclass(frozen=True)
class Build:
    """What is asked for: a year, a baseline, from which submissions, to which folder."""

    project: Project
    year: int
    baseline: str
    submissions: Path
    out: Path
    renderer: RendererChoice = "auto"

    def __post_init__(self) -> None:
        """Reports are published, and data/ is not: an `InputError` where one lies in the other."""
        if self.out.resolve().is_relative_to(self.project.data.resolve()):
            raise InputError(
                f"reports are published, and {self.project.data.name}/ is not; name a folder outside "
                "of it with --out",
                file=self.out,
            )

    @property
    def from_example(self) -> bool:
        return self.submissions.resolve() == (self.project.example / "submissions").resolve()

    @property
    def databank(self) -> Path:
        """Editions of the example lie apart from those of the agencies."""
        bank = self.project.databank
        return bank / "example" if self.from_example else bank

    @property
    def work(self) -> Path:
        """One folder for each year and folder of submissions, wherever the project lies."""
        sent, root = self.submissions.resolve(), self.project.root.resolve()
        where = sent.relative_to(root).as_posix() if sent.is_relative_to(root) else str(sent)
        mark = hashlib.sha256(where.encode()).hexdigest()[:8]
        return self.project.work / f"{self.year}-{mark}"

    @property
    def confidential(self) -> Path:
        return self.work / "confidential"

    @property
    def public(self) -> Path:
        return self.work / "public"

    @property
    def periods(self) -> tuple[Period, ...]:
        """Each year of the baseline and up to the year of the report, and the pooled baseline."""
        from atips_analysis.indicators import parse_period

        pooled = parse_period(self.baseline)
        if not pooled.whole_years:
            raise InputError(
                f"baseline {self.baseline!r} is not made of whole years, like 2021-2023"
            )
        if pooled.years[-1] >= self.year:
            raise InputError(
                f"baseline {self.baseline} does not end before the year of the report, {self.year}; "
                "choose an earlier baseline or a later year"
            )
        single = [parse_period(year) for year in range(pooled.years[0], self.year + 1)]
        return (*single, pooled) if len(pooled.years) > 1 else tuple(single)


def asked_for(
    project: Project,
    year: int,
    baseline: str,
    submissions: Path | None,
    out: Path | None,
    renderer: str,
) -> Build:
    """A build by the options of `atips build`; what is left out is the example, and `reports/`."""
    return Build(
        project,
        year,
        baseline,
        (submissions or project.example / "submissions").resolve(),
        (out or project.reports).resolve(),
        renderer,  # type: ignore[arg-type]
    )


def published_folder(build: Build, simulated: bool) -> Path:
    """`reports/2024`, or `reports/2024-simulated` for what was made from simulated records."""
    return build.out / (f"{build.year}-simulated" if simulated else str(build.year))


def is_simulated(build: Build) -> bool:
    """Whether the edition of a build holds simulated records; once its records are planned and run."""
    return bool(read_json(build.confidential / "edition.json")["simulated"])


def forget_lost_edition(build: Build) -> None:
    """Let the edition be made again when its folder is gone from the data bank."""
    note = build.confidential / "edition.json"
    if note.is_file():
        name = read_json(note)["edition"]
        if not (build.databank / "editions" / name).is_dir():
            note.unlink()


def refuse_no_submissions(build: Build) -> None:
    """Refuse a folder of submissions that is not there: a new project has no example yet."""
    if build.submissions.is_dir():
        return
    if build.from_example:
        remedy = (
            "make the simulated example there (atips example --out data/example, in the project's "
            "folder), or name the folder with the agencies' files with --submissions"
        )
    else:
        remedy = (
            "name the one with the agencies' files, or leave --submissions out to take the "
            "simulated example"
        )
    raise InputError(f"{build.submissions}: no such folder; {remedy}")
