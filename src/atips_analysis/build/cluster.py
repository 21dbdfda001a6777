"""Steps handed to a Dask cluster, whose workers share the file system of the build.

What Dask carries of a step is its name and the path of a file: the step itself is pickled into the
work folder, which is confidential, and what came of it, errors included, comes back in a file beside
it. So no row passes through the scheduler, its dashboard or anybody's logs.
"""

from __future__ import annotations

import atexit
import errno
import hashlib
import itertools
import json
import os
import re
import shutil
import socket
import uuid
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, wait
from contextlib import ExitStack, chdir, contextmanager
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from atips_analysis import __version__
from atips_analysis.build.made_with import Renderer, changes, made_with
from atips_analysis.build.steps import ROOMS, StepExecutor
from atips_analysis.databank.fingerprint import code_fingerprint
from atips_analysis.errors import InputError, MachineError
from atips_analysis.files import READERS, write_whole
from atips_analysis.notebooks import warm_kernels
from atips_analysis.project import commit_of_code

if TYPE_CHECKING:
    from distributed import Client

REACHED = 5.0
"""Seconds until a scheduler that does not answer counts as not there."""
STOPPED = 120.0
"""Seconds that a build that ends early waits for the steps that workers are at."""
FULL = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def cluster(scheduler: str, work: Path, renderer: Renderer) -> Iterator[Workers]:
    """The workers of a cluster, once each is known to be fit for a build in the folder `work`.

    Security is Dask's: an address that begins with ``tls://`` takes the certificates that Dask's
    own configuration names.

    Raises MachineError if the extra is not installed, the scheduler does not answer within seconds
    or has no worker, or a worker has another version, does not see the folder or runs several at
    once.
    """
    folder = work / f".{os.getpid()}.handed"  # named as what the next command removes
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        with _client(scheduler) as client:
            count = _fit(client, scheduler, folder, renderer)
            yield Workers(client, folder, _digest(software(renderer)), renderer, count)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _client(scheduler: str) -> Iterator[Client]:
    if not re.fullmatch(r"(tcp|tls)://\[?[\w.:-]+\]?:\d{1,5}", scheduler, re.ASCII):
        raise InputError(
            f"--scheduler {scheduler!r} is no address; write tcp://HOST:PORT or tls://HOST:PORT, as "
            "the scheduler said when it started"
        )
    try:
        import distributed
    except ModuleNotFoundError:
        raise MachineError(
            "--scheduler needs Dask: pip install 'distributed' in the version of requirements.lock, "
            "here and on every worker, or leave --scheduler out"
        ) from None
    try:
        client = distributed.Client(scheduler, timeout=REACHED, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise MachineError(
            f"{scheduler}: no scheduler answers there ({type(error).__name__}); start one, or leave "
            "--scheduler out to build on this machine"
        ) from None
    with client:
        yield client


def _fit(client: Client, scheduler: str, folder: Path, renderer: Renderer) -> int:
    """How many workers there are, each of which may be given steps."""
    threads = client.nthreads()
    if not threads:
        raise MachineError(f"{scheduler}: the scheduler has no worker; start one that joins it")
    for worker, several in threads.items():
        if several != 1:
            raise MachineError(
                f"worker {worker} runs {several} steps at once; start it with --nthreads 1, and "
                "more of them with --nworkers"
            )
    seen = client.run(sees, str(folder), renderer, on_error="return")
    ours = software(renderer)
    for worker, said in seen.items():
        if isinstance(said, BaseException):
            problem = f"cannot use this library ({type(said).__name__}); install it there"
        elif said is None:
            problem = f"does not see {folder.parent}; a project lies where all machines see it, by one path"
        elif said != ours:
            differs = ", ".join(changes(said, ours)) or "its code"
            problem = f"has another version ({differs}); install there what is here, start it again"
        else:
            continue
        raise MachineError(f"worker {worker} {problem}")
    return len(threads)


def sees(folder: str, renderer: Renderer) -> dict[str, Any] | None:
    """Asked of a worker: what it would make pages with; nothing if the folder is not there."""
    return software(renderer) if Path(folder).is_dir() else None


@cache
def software(renderer: Renderer) -> dict[str, Any]:
    """What this process computes with: version, commit, code, lock, libraries and tools."""
    made = made_with(renderer)
    return {
        "version": __version__,
        "commit": commit_of_code(),
        "code": code_fingerprint((*ROOMS, "build")),
        "made_with": {**made, "libraries": made["libraries"] | {"dask": version("distributed")}},
    }


def _digest(said: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class Workers(StepExecutor):
    """The executor that pytask's own parallel loop hands steps to; `count` are done at once."""

    def __init__(
        self, client: Client, folder: Path, software: str, renderer: Renderer, count: int
    ) -> None:
        self.count = count
        self._dask, self._folder, self._terms = client.get_executor(), folder, (software, renderer)
        self._numbers = itertools.count()
        self._running: set[Future[Any]] = set()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Hand over ``fn(*args, **kwargs)``, in a file."""
        import cloudpickle

        file = self._folder / f"{next(self._numbers)}.step"
        umask = os.umask(0)
        os.umask(umask)
        rights = (umask, os.environ.get(READERS))
        write_whole(file, cloudpickle.dumps((partial(fn, *args, **kwargs), rights)))
        name = getattr(kwargs.get("task"), "name", "step")
        handed = self._dask.submit(
            run_handed, str(file), *self._terms, key=f"{name}-{uuid.uuid4().hex}"
        )
        future: Future[Any] = Future()
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        handed.add_done_callback(partial(_landed, file=file, future=future))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait until no worker writes any more; the client is closed by whoever opened it."""
        if wait:
            _all_done(set(self._running))


def _all_done(running: set[Future[Any]]) -> None:
    wait(running, timeout=STOPPED)


def _landed(handed: Future[Any], *, file: Path, future: Future[Any]) -> None:
    """Pass on what came of a step; its own errors are in the file, Dask's are told here."""
    import cloudpickle

    try:
        handed.result()
        future.set_result(cloudpickle.loads(_result(file).read_bytes()))
    except MachineError as error:
        future.set_exception(error)
    except BaseException as error:
        future.set_exception(
            MachineError(
                f"the cluster lost a step ({type(error).__name__}): a worker that did it was killed "
                "several times, or the scheduler is gone; see their logs and build again"
            )
        )


def _result(file: Path) -> Path:
    return file.with_suffix(".done")


def run_handed(step: str, software_asked: str, renderer: Renderer) -> None:
    """On a worker: do the step that lies in a file, and put beside it what came of it."""
    host = socket.gethostname()
    if _digest(software(renderer)) != software_asked:  # it joined, or was changed, meanwhile
        raise MachineError(f"a worker on {host} has another version; install there what is here")
    try:
        _run(Path(step), host)
    except OSError as error:  # Dask carries this one, and logs it: without the name of a file
        raise _of_a_machine(error, host, "the step's own file") from None


def _run(file: Path, host: str) -> None:
    import cloudpickle

    call, (umask, readers) = cloudpickle.loads(file.read_bytes())
    _warm()
    os.environ.pop("SOURCE_DATE_EPOCH", None)  # as the command line does
    if readers is not None:
        os.environ[READERS] = readers
    os.umask(umask)
    with chdir(file.parent):  # in the project, as a worker on one machine
        done = call()
    if done.exc_info is not None and isinstance(error := done.exc_info[1], OSError):
        said = _of_a_machine(error, host, str(error.filename or "a file"))
        done.exc_info = (MachineError, said, "")
    write_whole(_result(file), cloudpickle.dumps(done))


@cache
def _warm() -> None:
    """One warm process a worker, for the kernels of its notebooks, until the worker ends."""
    kernels = ExitStack()
    kernels.enter_context(warm_kernels())
    atexit.register(kernels.close)


def _of_a_machine(error: OSError, host: str, place: str) -> MachineError:
    if error.errno in FULL:
        return MachineError(f"the disk is full on {host}, at {place}; make room and build again")
    return MachineError(f"{place} cannot be read or written on {host} ({error.strerror})")
