"""A plugin of pytask that passes on what becomes of each task, as it comes, and soon.

pytask finds it by its entry point (`pytask` in `pyproject.toml`), its documented way to a plugin
that reaches `pytask.build` too: `hook_module` is read by pytask's command line alone (0.6.0).
"""

from __future__ import annotations

from typing import Any

import pytask
from pytask_parallel import execute

TELL = "atips_tell"
"""The setting of a session that holds whom to tell; a session without it is none of ours."""


@pytask.hookimpl
def pytask_execute_task_log_end(session: pytask.Session, report: Any) -> None:
    """Pass on the report of a task that has ended (a hook of pytask)."""
    tell = session.config.get(TELL)
    if tell is not None:
        tell(report)


def _soon(sleeper: Any) -> None:
    """Wait 0.04 s (the second of its waits) at most before looking whether a task has ended."""
    sleeper.timing_idx = 1


# pytask-parallel 0.5.5 looks ever more rarely, up to once a second, and has no setting for it: of
# tasks that take two seconds it lost a third of the time of two workers.
execute._Sleeper.increment = _soon  # type: ignore[assignment]
