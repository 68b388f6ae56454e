"""What runs in a worker: the check of one body, within a limit, and the versions that it runs."""

from __future__ import annotations

import datetime
import faulthandler
import gc
import hashlib
import os
import platform
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import psutil
from distributed import Worker, WorkerPlugin, get_worker

from estate.bodies import (
    BodyFailure,
    BodyOutcome,
    EstateBody,
    EstateStop,
    Failure,
    FindInputs,
    failed,
)
from estate.store import StoreProblem, store_at
from evidence.visible import visible
from rules.load import OWN_BOOK, fingerprint, read_folder

_VERSION_NAMES = {
    "program": "dueregard",
    "python": "Python",
    "engine": "durable_rules",
    "rulebook": "the program's own rulebook",
    "code": "the program's code",
}
#: Those of which a person is not shown the value.
_DIGESTS = ("code", "rulebook")
_PACKAGES = ("cli", "engine", "estate", "evidence", "record", "reports", "rules")
#: A file by which a worker knows the store and the folder of the results.
PROBE = "probe"
_NANNY_SECONDS = 1.0
#: Beyond its limit, a process in which no Python code runs any more is ended after these seconds.
_UNRESPONSIVE_SECONDS = 30.0


class Versions(NamedTuple):
    """What decides an assessment and comes with a worker: the version of the program, the SHA-256
    of its code and of its own rulebook, and the versions of Python and of the rules engine."""

    program: str
    code: str
    rulebook: str
    python: str
    engine: str


@cache
def versions() -> Versions:
    """The versions in this process."""
    files = read_folder(OWN_BOOK)
    try:
        engine = version("durable_rules")
    except PackageNotFoundError:
        engine = ""
    return Versions(
        version("dueregard"),
        _code_digest(),
        fingerprint(files) if not isinstance(files, tuple) else "",
        platform.python_version(),
        engine,
    )


def _code_digest() -> str:
    digest = hashlib.sha256()
    for package in _PACKAGES:
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        folder = Path(spec.origin).parent
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class RunSettings:
    """What all tasks of a run have in common. ``token`` tells the run apart from every other."""

    token: str
    as_of: datetime.date
    store: str
    out: str
    limit_seconds: float
    versions: Versions
    find_inputs: FindInputs

    @property
    def notes(self) -> str:
        """The folder in the store for what workers note during the run."""
        return f"notes-{self.token}"


class WarmUp(WorkerPlugin):
    """Prepares a worker as it starts, so that its first body does not wait."""

    def __init__(self, prepare: Callable[[], None]) -> None:
        """``prepare`` loads what every check needs."""
        self._prepare = prepare
        self.name = "dueregard-warm-up"

    def setup(self, worker: object) -> None:  # noqa: ARG002  (the plugin's protocol)
        """Called by the worker."""
        self._prepare()
        gc.collect()
        gc.freeze()  # what is loaded stays, so a collection need not look through it


def check_body(body: EstateBody, settings: RunSettings) -> BodyOutcome:
    """Checks a body unless its assessment is in the store, where it is put. Whatever is wrong with
    the body is its outcome.

    Raises:
        EstateStop: the worker has another version of the program, or the store cannot be used.
    """
    _must_be_equal(settings.versions)
    _wait_for_nanny()
    store = store_at(settings.store)
    note = f"{settings.notes}/{body.name}"
    if store.get(note) is not None:
        return failed(body.name, Failure.TIME_LIMIT, _too_slow(settings.limit_seconds))
    gc.disable()  # as in a single check: looking for cycles meanwhile frees little
    try:
        with _time_limit(settings.limit_seconds, lambda: store.put(note, b"")):
            inputs = settings.find_inputs(body.folder, settings.as_of)
            name = _stored_name(body, settings, inputs.digest)
            if store.get(name) is not None:
                return BodyOutcome(body.name, name, again=True)
            store.put(name, inputs.assess())
            return BodyOutcome(body.name, name)
    except BodyFailure as failure:
        return failed(body.name, failure.kind, str(failure))
    except StoreProblem:
        raise
    except Exception as error:  # noqa: BLE001  (a fault in one body must not stop the others)
        return failed(body.name, Failure.FAULT, _fault_words(error))
    finally:
        gc.enable()
        gc.collect()


def _stored_name(body: EstateBody, settings: RunSettings, digest: str) -> str:
    """The name in the store of an assessment of these inputs by this program."""
    decisive = "\n".join((digest, *settings.versions))
    sha256 = hashlib.sha256(decisive.encode()).hexdigest()
    return f"{body.name}/{settings.as_of.isoformat()}-{sha256}.json"


def must_see(settings: RunSettings, dask_worker: Worker | None = None) -> None:
    """Raises EstateStop if this worker cannot use the store and the folder of the results, in which
    the client has put PROBE, or has more than one thread."""
    worker = dask_worker  # which Dask fills in
    assert worker is not None
    if worker.state.nthreads != 1:
        raise EstateStop(
            f"The worker {worker.address} has {worker.state.nthreads} threads, and may have one: "
            "the limit on the time of a body ends its process. Start workers with --nthreads 1, "
            "and more of them with --nworkers."
        )
    store = store_at(settings.store)
    if store.get(f"{settings.notes}/{PROBE}") is None:
        raise EstateStop(
            f"{store} is another place, or none, for the worker {worker.address}: give a place "
            "that every worker has under the same name, with --store."
        )
    if not (Path(settings.out) / PROBE).is_file():
        raise EstateStop(
            f"The folder {visible(settings.out)} is not there for the worker {worker.address}: "
            "give one with --out that every worker has under the same name."
        )


@cache
def _wait_for_nanny() -> None:
    """Waits before the first body of this process. Dask's nanny starts a worker again only if it
    has heard that the one before had begun, and a body may end its process at once."""
    threading.Event().wait(_NANNY_SECONDS)


def _must_be_equal(expected: Versions) -> None:
    if versions() != expected:
        raise EstateStop(version_words(get_worker().address, expected, versions()))


def version_words(address: str, expected: Versions, here: Versions) -> str:
    """A sentence for a worker with other versions than the client; '' for one with the same."""
    for (name, own), other in zip(expected._asdict().items(), here, strict=True):
        if own == other:
            continue
        what = _VERSION_NAMES[name]
        words = f"has another version of {what}"
        if name not in _DIGESTS:
            words = f"has {what} {other or '(none)'}, and this computer {own or 'none'}"
        return f"The worker {address} {words}. Install the same version everywhere."
    return ""


@contextmanager
def _time_limit(seconds: float, note: Callable[[], None]) -> Iterator[None]:
    """Ends this process, with those that it has started, if the context is not left within the
    limit. Before that it calls ``note``, which tells the next process what happened: a thread that
    hangs cannot be ended otherwise."""

    def end() -> None:
        try:
            note()
            for child in psutil.Process().children(recursive=True):
                child.kill()
        finally:
            os._exit(1)

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        faulthandler.dump_traceback_later(seconds + _UNRESPONSIVE_SECONDS, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()
            timer.cancel()


def _too_slow(seconds: float) -> str:
    return (
        f"The check had not ended after {seconds:g} seconds, so it was stopped. Check this folder "
        "alone with 'dueregard check', or give more time with --limit."
    )


def _fault_words(error: Exception) -> str:
    return (
        f"Something went wrong in the program ({type(error).__name__}: {error}). This is the "
        "program's fault, not yours. 'dueregard check' in this folder writes a log."
    )
