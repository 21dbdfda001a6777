"""Steps that read and write files, run by pytask: only what is out of date, and why.

pytask sees files, not helper code; so each step also depends on a fingerprint of the rooms that
its code reaches.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from atips_analysis.databank.fingerprint import code_fingerprint
from atips_analysis.errors import AtipsError, MachineError
from atips_analysis.files import write_text
from atips_analysis.notebooks.used import Used, measured

ROOMS = tuple(
    """words codebook statistics cleaning intake quality databank framework published
    indicators disclosure ledger statements pages notebooks render""".split()
)
Action = Callable[..., None]
Turn = Literal["first", "last", ""]
FINISHED = "finished"
"""The file beside pytask's memory with one hash over all that a finished run read and wrote."""


@dataclass(frozen=True)
class Step:
    """One step: what it reads, what it writes, and what else decides its result.

    `action` is called as ``action(reads, writes, **settings)`` with lists of paths; it must be a
    function of a module, so that another process can be handed it. `room` is the last room that
    its code reaches; a change in that room or above it makes the step run again. Of the steps
    that could begin, one whose `turn` is first does (most others wait for it), and one whose turn
    is last does not as long as there is another: what nothing waits for, so that at the end short
    steps keep every process busy.
    """

    name: str
    action: Action
    reads: tuple[Path, ...]
    writes: tuple[Path, ...]
    room: str
    settings: dict[str, Any] = field(default_factory=dict)
    turn: Turn = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a step: ran, skipped (nothing changed), failed, or not reached.

    `used` is what a step that ran took; nothing of it is in what the step wrote.
    """

    name: str
    state: str
    why: tuple[str, ...] = ()
    error: BaseException | None = None
    used: Used | None = None


class StepExecutor(Executor):
    """Where else steps are done, `count` of them at once."""

    count: int


def run_steps(
    steps: Sequence[Step],
    work: Path,
    *,
    jobs: int | StepExecutor = 1,
    tell: Callable[[Outcome], None] = lambda outcome: None,
    explain: bool = False,
) -> list[Outcome]:
    """Run what is out of date, in order; return what became of each step.

    Parameters
    ----------
    steps : sequence of Step
    work : Path
        Folder that keeps pytask's memory of earlier runs.
    jobs : int or StepExecutor
        Processes at once, or the workers of a cluster (`cluster`).
    tell : callable
        Told each outcome as it comes.
    explain : bool
        Find out why each step runs or is skipped (a dry look before the run).

    Raises
    ------
    AtipsError
        The first error that a step raised, if it is one that users may see.
    MachineError
        If a step failed in another way.
    """
    before = _Common(steps)
    if _is_finished(steps, work, before):
        outcomes = [Outcome(step.name, "skipped") for step in steps]
        for outcome in outcomes:
            tell(outcome)
        return outcomes
    reasons = _reasons(steps, work) if explain else {}
    session = _build(steps, work, jobs=jobs, tell=tell, reasons=reasons)
    outcomes = [_outcome(report, reasons) for report in session.execution_reports]
    for outcome in outcomes:
        if outcome.state == "failed":
            raise _as_error(outcome)
    if session.exit_code != 0:
        raise MachineError(
            "the build could not be planned; delete the folder data/work and run it again"
        )
    write_text(work / FINISHED, _whole_state(steps, before, made_anew=True) + "\n")
    return outcomes


def _is_finished(steps: Sequence[Step], work: Path, common: _Common) -> bool:
    """Whether everything that these steps read and wrote is as when they were last run to the end.

    pytask would find the same, file by file; to ask it takes longer than all of the hashing.
    """
    now, noted = _whole_state(steps, common), work / FINISHED  # a first run looks as well
    return noted.is_file() and noted.read_text("utf-8").strip() == now


def _whole_state(steps: Sequence[Step], common: _Common, *, made_anew: bool = False) -> str:
    """One hash over all that steps read, write and are.

    With `made_anew` what they write is read again, and all else is as it was before they ran: what
    somebody changed meanwhile is seen by the next build.
    """
    from atips_analysis.build.by_content import digest_of

    written = {path for step in steps for path in step.writes} if made_anew else set()
    digest = cache(lambda path: digest_of(path) if path in written else common.digest(path))
    whole = hashlib.sha256(common.libraries.encode())
    for step in steps:
        own = (step.name, action_name(step), common.code(step.room), settings_text(step))
        files = [[str(path), digest(path)] for path in (*step.reads, *step.writes)]
        whole.update(json.dumps([own, files]).encode())
    return whole.hexdigest()


def action_name(step: Step) -> str:
    """What a step does, by name."""
    return f"{step.action.__module__}.{step.action.__qualname__}"


def settings_text(step: Step) -> str:
    """The settings of a step as a text, the same for the same settings.

    What lies in the project (the setting `root`) is named as seen from its folder: a project that
    was moved or copied with what it has made is not built anew.
    """
    text = json.dumps(step.settings, sort_keys=True, default=str)
    root = json.dumps(step.settings.get("root", ""))[1:-1]
    return re.sub(re.escape(root) + r'(?=["/\\])', "", text) if root else text


def out_of_date(steps: Sequence[Step], work: Path) -> dict[str, tuple[str, ...]]:
    """Which steps would run, by name, and why; nothing is run."""
    found = _reasons(steps, work)
    return {step.name: found[step.name] for step in steps if found.get(step.name)}


def rooms_up_to(room: str) -> tuple[str, ...]:
    """The rooms whose code a step of `room` may reach: that room and those above it."""
    return ROOMS[: ROOMS.index(room) + 1]


def _build(
    steps: Sequence[Step],
    work: Path,
    *,
    jobs: int | StepExecutor,
    tell: Callable[[Outcome], None],
    reasons: dict[str, tuple[str, ...]],
    explain: bool = False,
) -> Any:
    import pytask

    from atips_analysis.build.step_listener import TELL

    work.mkdir(parents=True, exist_ok=True)
    config = work / "pytask.toml"
    if not config.exists():
        write_text(config, "[tool.pytask.ini_options]\n")
    common = _Common(steps)
    told: dict[str, Any] = {TELL: lambda report: tell(_outcome(report, reasons))}
    quiet, pytask.console.quiet = pytask.console.quiet, not os.environ.get("ATIPS_DEBUG")
    try:
        return pytask.build(
            tasks=[_as_task(step, work.resolve().parent, common) for step in steps],
            config=config,
            database_url="sqlite://",  # pytask's lock file remembers; its older memory is not kept
            paths=[work],
            capture="no",
            explain=explain,
            show_traceback=False,
            stop_after_first_failure=True,
            verbose=0,
            **({} if explain else {**told, **_at_once(jobs)}),
        )
    finally:
        pytask.console.quiet = quiet


def _at_once(jobs: int | StepExecutor) -> dict[str, Any]:
    """What tells pytask where steps run: it forgets the workers of a cluster after each build."""
    if isinstance(jobs, int):
        # loky replaces a worker that grew by 300 MB, telling the screen so; Typst keeps more than that
        # for its next page, and a new worker imports everything anew.
        os.environ.setdefault("LOKY_MAX_MEMORY_LEAK_SIZE", "1e9")
        warnings.filterwarnings("ignore", "A worker was restarted", UserWarning)
        return {"n_workers": jobs}
    from pytask_parallel import ParallelBackend, registry

    registry.register_parallel_backend(ParallelBackend.CUSTOM, lambda n_workers: jobs)
    return {"n_workers": jobs.count, "parallel_backend": ParallelBackend.CUSTOM}


def _as_task(step: Step, here: Path, common: _Common) -> Any:
    """A step as pytask knows it; `here` holds what steps make, the rest is what people write.

    What lies in the project is named as seen from its folder, as in `settings_text`.
    """
    import pytask

    from atips_analysis.build.by_content import name_from, state_of
    from atips_analysis.build.made import Made

    def value(name: str, content: Any, text: str) -> Any:
        info = pytask.NodeInfo(name, (), None, step.name, content)
        return pytask.PythonNode(
            name=f"{step.name}::{name}", value=content, hash=_Same(text), node_info=info
        )

    reads = [path.resolve() for path in step.reads]
    made = [path for path in reads if path.is_relative_to(here)]
    root = Path(step.settings.get("root", here)).resolve()
    written = {name_from(path, root): common.digest(path) for path in reads if path not in made}
    return pytask.TaskWithoutPath(
        name=step.name,
        function=_call,
        markers=[pytask.Mark(f"try_{step.turn}", (), {})] if step.turn else [],
        depends_on={
            "made": [Made.from_path(path) for path in dict.fromkeys(made)],
            "reads": value("reads", reads, state_of(written)),
            "action": value("action", step.action, action_name(step)),
            "settings": value("settings", step.settings, settings_text(step)),
            "code": value("code", "", common.code(step.room)),
            "libraries": value("libraries", "", common.libraries),
        },
        produces={
            "writes": [Made.from_path(path.resolve()) for path in step.writes],
            # A value that is always the same to pytask, and comes back from another process.
            "return": pytask.PythonNode(
                name=f"{step.name}::used",
                value=None,
                node_info=pytask.NodeInfo("used", (), None, step.name, None),
            ),
        },
    )


class _Common:
    """What many steps depend on, looked at once for all of them, before any runs.

    A file that somebody changes while a build runs so counts as it was: the next build sees it.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        from atips_analysis.build.by_content import digest_of, libraries, state_of

        self.resolved = {path: path.resolve() for path in {p for one in steps for p in one.reads}}
        self.digest = cache(digest_of)
        self.code = cache(lambda room: code_fingerprint(rooms_up_to(room)))
        self.libraries = state_of(libraries())


@dataclass(frozen=True)
class _Same:
    """A hash that can be handed to another process: the text it was made with."""

    text: str

    def __call__(self, value: Any) -> str:
        return self.text


def _call(
    action: Action, reads: list[Path], settings: dict[str, Any], writes: list[Path], **known: Any
) -> Used:
    """What pytask calls; `known` is what a step also depends on, and does not use."""
    with measured() as used:
        action(reads, writes, **settings)
    return used


def _reasons(steps: Sequence[Step], work: Path) -> dict[str, tuple[str, ...]]:
    session = _build(steps, work, jobs=1, tell=lambda outcome: None, reasons={}, explain=True)
    found: dict[str, tuple[str, ...]] = {}
    for report in session.execution_reports:
        explanation = report.task.attributes.get("explanation")
        given = explanation.reasons if explanation is not None else []
        words = tuple(dict.fromkeys(word for one in given for word in _reason_in_words(one)))
        found[report.task.name] = ("never run before",) if "never run before" in words else words
    return found


def _reason_in_words(reason: Any) -> list[str]:
    from atips_analysis.build.by_content import changed_parts

    name = str(reason.node_name)
    if reason.reason == "cascade":
        return [f"an earlier step runs: {name}"]
    if name.endswith(("::reads", "::libraries")) and reason.reason == "changed":
        return changed_parts(reason.details["old_hash"], reason.details["new_hash"])
    if name.endswith(("::code", "::action")):
        subject = "the code"
    elif name.endswith("::settings"):
        subject = "the settings"
    elif reason.node_type in {"task", "source"}:
        return ["never run before"]
    else:
        subject = Path(name).name
    said = {"missing": "is missing", "not_in_db": "is new", "changed": "changed"}
    return [f"{subject} {said.get(reason.reason, reason.reason)}"]


def _outcome(report: Any, reasons: dict[str, tuple[str, ...]]) -> Outcome:
    name = report.outcome.name
    state = {
        "SUCCESS": "ran",
        "SKIP_UNCHANGED": "skipped",
        "FAIL": "failed",
        "SKIP_PREVIOUS_FAILED": "not reached",
    }.get(name, name.lower())
    error = report.exc_info[1] if state == "failed" and report.exc_info else None
    why = reasons.get(report.task.name, ())
    used = report.task.produces["return"].value if state == "ran" else None
    return Outcome(report.task.name, state, why if state == "ran" else (), error, used)


def _as_error(outcome: Outcome) -> AtipsError:
    error = outcome.error
    if isinstance(error, AtipsError):
        return error
    if isinstance(error, KeyboardInterrupt):  # pytask takes it for the failure of the step
        raise error
    if os.environ.get("ATIPS_DEBUG") and error is not None:
        raise error
    text = " ".join(str(error).split())
    return MachineError(
        f"step '{outcome.name}' failed ({type(error).__name__}: {text[:300]}); "
        "the last good reports are as they were; ATIPS_DEBUG=1 shows more"
    )


def summary(outcomes: Iterable[Outcome]) -> str:
    """One line: how many steps ran and how many were up to date."""
    states = [outcome.state for outcome in outcomes]
    ran, skipped = states.count("ran"), states.count("skipped")
    if not ran:
        return "nothing has changed since the last build: nothing was done"
    return f"{ran} steps ran, {skipped} were up to date"


def used_words(outcome: Outcome) -> list[str]:
    """What a step that ran took, for a person: one text, or none."""
    used = outcome.used
    if used is None:
        return []
    return [f"{used.seconds:.1f} s, {used.computed:.1f} s computing, {used.peak / 2**20:.0f} MiB"]
