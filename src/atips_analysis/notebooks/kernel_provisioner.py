"""Jupyter's side of forked kernels: ask the warm process for one, and watch over it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from atips_analysis.notebooks.kernels import ADDRESS
from atips_analysis.notebooks.used import add_used

PATIENCE = 120.0  # seconds: the first request waits until the warm process has imported


class ForkingProvisioner(LocalProvisioner):
    """Launches a kernel by forking; a cold one if the warm process does not answer."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        try:
            kernel = ForkedKernel(
                cmd, options.get("cwd") or str(Path.cwd()), options.get("env") or {}
            )
        except (OSError, ValueError, KeyError):
            return await super().launch_kernel(cmd, **options)
        self.process = kernel  # type: ignore[assignment]
        self.pid = self.pgid = kernel.pid
        return self.connection_info


class ForkedKernel:
    """A process of somebody else's, with as much of `subprocess.Popen` as Jupyter uses.

    The warm process holds the other end of the connection and sends the exit code, and what the
    kernel used, when it has ended.
    """

    stdin = stdout = stderr = None

    def __init__(self, command: list[str], folder: str, environment: dict[str, str]) -> None:
        self.returncode: int | None = None
        self._connection = socket.socket(socket.AF_UNIX)
        try:
            self._connection.settimeout(PATIENCE)
            self._connection.connect(os.environ[ADDRESS])
            request = {"command": command, "folder": folder, "environment": environment}
            self._connection.sendall(json.dumps(request).encode() + b"\n")
            self._answers = self._connection.makefile("r", encoding="utf-8")
            self.pid = int(self._answers.readline())
        except BaseException:
            self._connection.close()
            raise

    def poll(self) -> int | None:
        return self._ended(0.0)

    def wait(self, timeout: float | None = None) -> int:
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0.0)
        return code

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float | None) -> int | None:
        import select

        if self.returncode is None and select.select([self._connection], [], [], timeout)[0]:
            answer = self._connection.recv(64).strip()
            # No answer means that the warm process went first, and took the kernel with it.
            code, *used = answer.split() or (-signal.SIGKILL,)
            self.returncode = int(code)
            if used:
                add_used(float(used[0]), int(used[1]))
            self._connection.close()
        return self.returncode
