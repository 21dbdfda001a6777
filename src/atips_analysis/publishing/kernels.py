"""Kernels for notebooks: cold ones everywhere, and ones forked from a warm process where possible.

Most of a small notebook's time goes into importing pandas, seaborn and statsmodels. Inside
`warm_kernels()` one process (`kernel_server`) imports them once and forks a kernel for each
notebook, through Jupyter's kernel provisioners (`kernel_provisioner`). That needs a POSIX system;
elsewhere, and outside of `warm_kernels()`, each notebook starts a kernel of its own. What a
notebook computes does not depend on which.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_client.manager import AsyncKernelManager

# The socket's address travels in the environment, so that the worker processes of a parallel
# build find the warm process.
ADDRESS = "ATIPS_WARM_KERNELS"
PROVISIONER = EntryPoint(
    name="atips-forking",
    value="atips_analysis.publishing.kernel_provisioner:ForkingProvisioner",
    group="jupyter_client.kernel_provisioners",
)
SERVER = "atips_analysis.publishing.kernel_server"
# Forking a process that has frameworks loaded is not safe on macOS.
CAN_FORK = hasattr(os, "fork") and sys.platform != "darwin"

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


@contextmanager
def warm_kernels() -> Iterator[bool]:
    """Within this block notebooks run in kernels forked from one warm process.

    Yields whether that is so. Blocks nest; the outermost one owns the process. If the process
    fails, kernels start cold.
    """
    if not CAN_FORK or os.environ.get(ADDRESS):
        yield CAN_FORK
        return
    folder = Path(tempfile.mkdtemp(prefix="atips-kernels-"))
    address = folder / "socket"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(address))
        listener.listen()
        server = subprocess.Popen(
            [sys.executable, "-m", SERVER, str(listener.fileno())],
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
        shutil.rmtree(folder, ignore_errors=True)


def kernel_environment(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """The caller's environment with what is fixed; `folder` takes IPython's own files."""
    return {**environment, **FIXED_ENVIRONMENT, "IPYTHONDIR": str(folder / "ipython")}


@cache
def manager_class() -> type[AsyncKernelManager]:
    """A kernel manager that starts this Python, whatever kernels the user has installed."""
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager

    class HouseKernelManager(AsyncKernelManager):
        """One kernel with the fixed environment, in a temporary folder of its own."""

        def __init__(self, **options: Any) -> None:
            self._folder = Path(tempfile.mkdtemp(prefix="atips-kernel-"))
            if CAN_FORK:  # sockets in a private folder: no port to collide on, no other user
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
                shutil.rmtree(self._folder, ignore_errors=True)

    return HouseKernelManager


def _provisioner_metadata() -> dict[str, Any]:
    if not os.environ.get(ADDRESS):
        return {}
    from jupyter_client.provisioning import KernelProvisionerFactory

    # Works also where the package's entry points were not installed.
    KernelProvisionerFactory.instance().provisioners.setdefault(PROVISIONER.name, PROVISIONER)
    return {"kernel_provisioner": {"provisioner_name": PROVISIONER.name}}
