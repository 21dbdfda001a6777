"""Kernels for notebooks: cold ones everywhere, and ones forked from a warm process where possible.

Most of a small notebook's time goes into importing pandas, seaborn and statsmodels, and into reading
the codebook. Inside `warm_kernels()` one process (`kernel_server`) does that once and forks a kernel
for each notebook, through Jupyter's kernel provisioners (`kernel_provisioner`). That needs a POSIX system;
elsewhere, and outside of `warm_kernels()`, each notebook starts a kernel of its own. What a
notebook computes does not depend on which.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis.locks import SHORT, held_folder

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

# The socket's address travels in the environment, so that the worker processes of a parallel
# build find the warm process.
ADDRESS = "ATIPS_WARM_KERNELS"
PROVISIONER = EntryPoint(
    name="atips-forking",
    value="atips_analysis.notebooks.kernel_provisioner:ForkingProvisioner",
    group="jupyter_client.kernel_provisioners",
)
SERVER = "atips_analysis.notebooks.kernel_server"
# Forking a process that has frameworks loaded is not safe on macOS.
CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"

# The folder of the block travels likewise, so that its kernels build matplotlib's list of fonts once.
SHARED = "ATIPS_KERNELS"

# Fixed in every kernel, so that a notebook cannot depend on the machine or the day.
FIXED_ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "1735689600",
    "MPLBACKEND": "agg",
    "TZ": "UTC",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}
# What a user has set for their own sessions, and no notebook of the house may depend on.
PERSONAL = re.compile(
    "MATPLOTLIBRC|PYTHON(OPTIMIZE|STARTUP|WARNINGS|INSPECT|BREAKPOINT)|"
    "(FREETYPE|JUPYTER|NPY|OPENBLAS|PANDAS)_.*"
)

# An address of a Unix socket has room for 103 bytes on macOS and 107 on Linux.
ROOM = 103


@contextmanager
def warm_kernels(project: Path | None = None) -> Iterator[bool]:
    """Within this block notebooks run in kernels forked from one warm process.

    Yields whether that is so. Blocks nest; the outermost one owns the process. If the process
    fails, kernels start cold.

    Parameters
    ----------
    project
        Root of the project whose codebook kernels find read, as it is when the block begins; where
        none is given, each notebook reads it.
    """
    if os.environ.get(SHARED):
        yield bool(os.environ.get(ADDRESS))
        return
    folder, let_go = private_folder("kernels")
    os.environ[SHARED] = str(folder)
    try:
        can = CAN_FORK and has_room(folder)
        with _server(folder, project) if can else nullcontext(False) as warm:
            yield warm
    finally:
        os.environ.pop(SHARED, None)
        let_go()


@contextmanager
def _server(folder: Path, project: Path | None) -> Iterator[bool]:
    """The warm process, with its socket in `folder`."""
    address = folder / "socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen()
        server = subprocess.Popen(
            [
                sys.executable,
                "-m",
                SERVER,
                str(listener.fileno()),
                *([str(project)] if project else []),
            ],
            cwd=folder,  # no settings file of matplotlib from the folder of the caller
            env=kernel_environment(os.environ, folder),
            pass_fds=[listener.fileno()],
            stdin=subprocess.PIPE,  # closes when this process is gone, which ends the server
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    os.environ[ADDRESS] = str(address)
    try:
        yield True
    finally:
        os.environ.pop(ADDRESS, None)
        server.terminate()
        server.communicate()


def private_folder(what: str) -> tuple[Path, Callable[[], None]]:
    """A temporary folder and what removes it, where a socket's address has room if there is one.

    Temporary folders have long names on clusters and in continuous integration. Within
    `warm_kernels()` it lies in the folder of the block, and goes with it.
    """
    shared = os.environ.get(SHARED)
    for place in (*([shared] if shared else ()), tempfile.gettempdir(), *SHORT):
        if has_room(Path(place, f"atips.{what}.xxxxxxxx")):
            with suppress(OSError):
                return held_folder(what, place)
    return held_folder(what)


def has_room(folder: Path) -> bool:
    """Whether this system's sockets can be made in `folder`."""
    return len(os.fsencode(folder / "k-ipc-5")) <= ROOM


def kernel_environment(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The caller's environment with what is fixed, and none of the user's settings.

    `folder` takes the files of IPython, and of matplotlib outside of `warm_kernels()`: the home
    folder is neither read nor written.
    """
    kept = {name: value for name, value in environment.items() if not PERSONAL.fullmatch(name)}
    shared = Path(environment.get(SHARED) or folder)
    own = {"IPYTHONDIR": str(folder / "ipython"), "MPLCONFIGDIR": str(shared / "matplotlib")}
    return {**kept, **FIXED_ENVIRONMENT, **own}


@cache
def manager_class() -> type[AsyncKernelManager]:
    """A kernel manager that starts this Python, whatever kernels the user has installed."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class HouseKernelManager(AsyncKernelManager):
        """One kernel with the fixed environment, in a temporary folder of its own."""

        def __init__(self, **options: Any) -> None:
            self._folder, self._let_go = private_folder("kernel")
            weakref.finalize(self, self._let_go)
            # Sockets in a private folder: no port to collide on, no other user.
            if CAN_FORK and has_room(self._folder):
                options["transport"] = "ipc"
            options["connection_file"] = str(self._folder / "k.json")
            super().__init__(**options)
            self._kernel_spec = KernelSpec(
                argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                display_name="Python 3",
                language="python",
                metadata=_provisioner_metadata(),
            )

        async def start_kernel(self, **options: Any) -> None:  # type: ignore[override]
            environment = options.pop("env", None) or os.environ
            options["env"] = kernel_environment(environment, self._folder)
            options |= {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            await self._async_start_kernel(**options)

        async def cleanup_resources(  # type: ignore[override]
            self, restart: bool = False
        ) -> None:
            await self._async_cleanup_resources(restart=restart)
            if not restart:
                self._let_go()

    return HouseKernelManager


def _provisioner_metadata() -> dict[str, Any]:
    if not os.environ.get(ADDRESS):
        return {}
    from jupyter_client.provisioning.factory import KernelProvisionerFactory

    # Works also where the package's entry points were not installed.
    KernelProvisionerFactory.instance().provisioners.setdefault(PROVISIONER.name, PROVISIONER)
    return {"kernel_provisioner": {"provisioner_name": PROVISIONER.name}}
