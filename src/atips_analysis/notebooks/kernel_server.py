"""The warm process: imports what notebooks import, then forks a kernel for each request.

Run as ``python -m atips_analysis.notebooks.kernel_server FD [PROJECT]`` with FD a listening Unix
socket and PROJECT the root of the project whose codebook kernels find read.
A request is one line of JSON (command, folder, environment); the answer is a line with the
kernel's process number and, when it has ended, its exit code, the seconds that it computed and
its peak memory (as `resource` gives it). It runs no thread and opens no Jupyter
socket, so that a fork is as good as a fresh process.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import selectors
import signal
import socket
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

WARM = (
    "numpy",
    "pandas",
    "pyarrow",
    "scipy.stats",
    "statsmodels.api",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_svg",
    "seaborn",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "ipykernel.zmqshell",
    "atips_analysis.pages",
)


def main(descriptor: int, project: str | None = None) -> None:
    """Serve until terminated, or until the process that started this one is gone."""
    listener = socket.socket(fileno=descriptor)
    for module in WARM:
        with suppress(ImportError):  # then the notebook that needs it will say so
            importlib.import_module(module)
    if project:
        _read_what_all_read(Path(project))
    bell, ringer = socket.socketpair()
    for end in (bell, ringer):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(ringer.fileno(), warn_on_full_buffer=False)
    signal.signal(signal.SIGTERM, lambda *_: _stop(kernels))

    kernels: dict[int, socket.socket] = {}
    life = os.pipe()
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(bell, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is listener:
                    _start(listener, kernels, life)
                elif key.fileobj is bell:
                    bell.recv(4096)
                    _reap(kernels)
                elif not os.read(sys.stdin.fileno(), 4096):
                    _stop(kernels)


def _read_what_all_read(root: Path) -> None:
    """The project's codebook and catalogues; what is wrong with them each notebook says itself."""
    from atips_analysis.codebook import load_codebook
    from atips_analysis.errors import InputError
    from atips_analysis.project import Project
    from atips_analysis.words import translator

    with suppress(InputError):
        project = Project(root)
        load_codebook(project)
        for lang in project.profile["languages"]["regional"]:
            translator(lang)


def _start(
    listener: socket.socket, kernels: dict[int, socket.socket], life: tuple[int, int]
) -> None:
    connection, _ = listener.accept()
    connection.settimeout(10)
    try:
        request = json.loads(connection.makefile("rb").readline())
    except (OSError, ValueError):
        connection.close()
        return
    pid = os.fork()
    if pid == 0:
        for other in (listener, connection, *kernels.values()):
            other.close()
        os.close(life[1])
        threading.Thread(target=_end_with_server, args=(life[0],), daemon=True).start()
        _become_kernel(request)
    kernels[pid] = connection
    connection.sendall(b"%d\n" % pid)


def _end_with_server(life: int) -> None:
    """In the forked process: end it, and what it started, when the server has ended, however.

    Nothing is ever written to this pipe; it closes with the server, which holds its other end.
    """
    os.read(life, 1)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _become_kernel(request: dict[str, Any]) -> None:
    """In the forked process: run the kernel and leave, never returning to the server's loop."""
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        os.setsid()
        os.chdir(request["folder"])
        os.environ.clear()
        os.environ.update(request["environment"])
        module = request["command"].index("-m") + 1
        sys.argv = request["command"][module:]

        from ipykernel.kernelapp import IPKernelApp

        IPKernelApp.launch_instance(sys.argv[1:])
        code = 0
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 0
    finally:
        atexit._run_exitfuncs()
        os._exit(code)


def _reap(kernels: dict[int, socket.socket]) -> None:
    while kernels:
        pid, status, used = os.wait4(-1, os.WNOHANG)
        if pid == 0:
            return
        with kernels.pop(pid) as connection:
            code = os.waitstatus_to_exitcode(status)
            seconds = used.ru_utime + used.ru_stime
            try:
                connection.sendall(b"%d %.3f %d\n" % (code, seconds, used.ru_maxrss))
            except OSError:  # whoever asked is gone
                continue


def _stop(kernels: dict[int, socket.socket]) -> None:
    for pid in kernels:
        try:
            os.killpg(pid, signal.SIGKILL)
        except OSError:
            continue
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
