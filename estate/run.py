"""A run over an estate: bodies to the workers, a few at a time, and their outcomes to buckets."""

from __future__ import annotations

import datetime
import json
import secrets
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import TypeVar

from distributed import Client, Future, KilledWorker, as_completed
from distributed.client import FutureCancelledError
from distributed.scheduler import NoWorkerError

from estate.bodies import BodyOutcome, EstateBody, EstateStop, Failure, FindInputs, failed
from estate.cluster import ClusterOptions, connected, must_have_equal_workers
from estate.results import (
    BUCKET,
    cannot_write,
    merge_duties,
    unfinished_buckets,
    write_bucket,
)
from estate.store import store_at
from estate.worker import PROBE, RunSettings, WarmUp, check_body, must_see, versions
from evidence.output_file import replacing, write_file

#: The bodies that each worker has: the one it checks, and the next.
_EACH = 2
#: How often a bucket is written again when its worker ended.
_TRIES = 5
#: After so many bodies the number of workers is looked up again.
_LOOK_AGAIN = 50
#: The most failed bodies that a summary names.
_MOST_SHOWN = 20
#: The file that says what the run was, and its form.
RUN, RUN_FORMAT = "run.json", "dueregard-estate-1"

_NOT_WRITTEN = (
    "The results could not be written: the worker that did it ended, each time it was tried. Give "
    "the workers more memory. What is in the store is kept: the same command does only the rest."
)

_CRASHED = (
    "The process that checked it ended, each time it was tried: the program crashed, or the memory "
    "of the worker was not enough. Check this folder alone with 'dueregard check'."
)

_LOST = "The connection to the scheduler was lost. The same command does only the rest."

Result = TypeVar("Result")

#: Called after each body with its outcome.
Progress = Callable[[BodyOutcome], None]


@dataclass(frozen=True, slots=True)
class EstateRequest:
    """What to run: the bodies in the order of their names, the as-of day, the folder for results,
    the address of the store, the seconds that one body may take, and the functions by which a
    worker finds the inputs of a body, and loads what each check needs."""

    bodies: Sequence[EstateBody]
    as_of: datetime.date
    out: Path
    store: str
    limit_seconds: float
    find_inputs: FindInputs
    warm_up: Callable[[], None]
    cluster: ClusterOptions


@dataclass(slots=True)
class EstateSummary:
    """What a run did, in the folder of its ``results``. ``again``: how many assessments were in the
    store already. ``failures``: how many bodies failed, by kind; ``first_failed`` are a few."""

    results: Path
    bodies: int
    again: int = 0
    failures: Counter[Failure] = field(default_factory=Counter)
    first_failed: list[BodyOutcome] = field(default_factory=list)

    def add(self, outcome: BodyOutcome) -> None:
        """Counts the outcome of a body."""
        self.again += outcome.again
        if outcome.failure is not None:
            self.failures[outcome.failure] += 1
            if len(self.first_failed) < _MOST_SHOWN:
                self.first_failed.append(outcome)

    @property
    def complete(self) -> bool:
        """Whether every body was checked."""
        return not self.failures


def run_estate(request: EstateRequest, progress: Progress) -> EstateSummary:
    """Checks every body whose assessment is not in the store, and writes the results. Raises
    EstateStop if the run cannot begin or go on; what is in the store is kept."""
    results = request.out / request.as_of.isoformat()
    summary = EstateSummary(results, len(request.bodies))
    store = store_at(request.store)
    try:
        request.out.mkdir(parents=True, exist_ok=True)
        with replacing(results.absolute()) as unfinished:
            unfinished.mkdir()
            settings = RunSettings(
                token=secrets.token_hex(8),
                as_of=request.as_of,
                store=request.store,
                out=str(unfinished),
                limit_seconds=request.limit_seconds,
                versions=versions(),
                find_inputs=request.find_inputs,
            )
            try:
                store.put(f"{settings.notes}/{PROBE}", b"")
                (unfinished / PROBE).touch()
                _run(request, settings, summary, progress)
            finally:
                store.remove(settings.notes)
            _finish(unfinished, settings, summary)
    except OSError as error:
        raise cannot_write(results, error) from None
    return summary


def _run(
    request: EstateRequest, settings: RunSettings, summary: EstateSummary, progress: Progress
) -> None:
    modules = [check_body.__module__, write_bucket.__module__, request.find_inputs.__module__]
    try:
        with connected(request.cluster, modules) as client:
            must_have_equal_workers(client, local=not request.cluster.address)
            client.register_plugin(WarmUp(request.warm_up))
            for fault in client.run(must_see, settings, on_error="return").values():
                if isinstance(fault, Exception):
                    raise fault
            _BodiesUnderWay(client, settings, request.bodies, summary, progress).run()
    except OSError:  # what is wrong with files has become another exception
        raise EstateStop(_LOST) from None


class _BodiesUnderWay:
    """The bodies that are on their way, and the outcomes that wait until their bucket is full."""

    def __init__(
        self,
        client: Client,
        settings: RunSettings,
        bodies: Sequence[EstateBody],
        summary: EstateSummary,
        progress: Progress,
    ) -> None:
        self._client = client
        self._settings = settings
        self._bodies = bodies
        self._summary = summary
        self._progress = progress
        self._finished = as_completed()
        self._bucket_key = f"bucket-{settings.token}"
        self._outcomes: dict[int, list[BodyOutcome]] = {}
        #: How often the writing of a bucket was begun.
        self._tries = Counter[int]()

    def run(self) -> None:
        """Checks all bodies, and then those alone whose worker ended, so that it is certain which
        of the bodies of that worker ended it."""
        suspects = self._check(range(len(self._bodies)), alone=False)
        for number in self._check(suspects, alone=True):
            self._body_done(number, failed(self._bodies[number].name, Failure.CRASH, _CRASHED))
        self._check((), alone=True)  # the last buckets

    def _check(self, numbers: Sequence[int], *, alone: bool) -> list[int]:
        """Checks these bodies, a few at a time or each alone, and writes the buckets that become
        full. Returns those whose worker ended."""
        left, ended, running = iter(numbers), list[int](), 0
        at_once = 1 if alone else self._at_once()
        for done in count(1):
            for number in islice(left, max(0, at_once - running)):
                key = (f"check-{self._settings.token}", number, int(alone))
                self._submit(key, check_body, self._bodies[number], self._settings)
                running += 1
            future = next(self._finished, None)
            if future is None:
                return ended
            kind, number, _ = future.key
            if kind == self._bucket_key:
                self._bucket_done(number, future)
                continue
            running -= 1
            try:
                self._body_done(number, _result(future))
            except KilledWorker:
                ended.append(number)
            if not alone and done % _LOOK_AGAIN == 0:
                at_once = self._at_once()  # workers may have come or gone
        return ended

    def _at_once(self) -> int:
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values())) * _EACH

    def _submit(
        self, key: tuple[str | int, ...], task: Callable[..., object], *given: object
    ) -> None:
        self._finished.add(self._client.submit(task, *given, key=key, pure=False))

    def _body_done(self, number: int, outcome: BodyOutcome) -> None:
        self._summary.add(outcome)
        self._progress(outcome)
        bucket, total = number // BUCKET, len(self._bodies)
        outcomes = self._outcomes.setdefault(bucket, [])
        outcomes.append(outcome)
        if len(outcomes) == min(BUCKET, total - bucket * BUCKET):
            self._write(bucket)

    def _write(self, bucket: int) -> None:
        self._tries[bucket] += 1
        key = (self._bucket_key, bucket, self._tries[bucket])
        self._submit(key, write_bucket, bucket + 1, self._outcomes[bucket], self._settings)

    def _bucket_done(self, bucket: int, future: Future[tuple[BodyOutcome, ...]]) -> None:
        try:
            for outcome in _result(future):
                self._summary.add(outcome)
        except KilledWorker:
            if self._tries[bucket] == _TRIES:
                raise EstateStop(_NOT_WRITTEN) from None
            self._write(bucket)
        else:
            del self._outcomes[bucket]


def _result(future: Future[Result]) -> Result:
    """The result of a task. Raises EstateStop if the scheduler has lost it."""
    try:
        return future.result()
    except FutureCancelledError:
        raise EstateStop(_LOST) from None
    except NoWorkerError:
        raise EstateStop(
            "All workers have ended, and none began again. The same command does only the rest."
        ) from None


def _finish(unfinished: Path, settings: RunSettings, summary: EstateSummary) -> None:
    """Completes the results."""
    (unfinished / PROBE).unlink()
    merge_duties(unfinished, -(-summary.bodies // BUCKET))
    for path in unfinished_buckets(unfinished):
        shutil.rmtree(path)
    fields = {
        "format": RUN_FORMAT,
        "program": settings.versions.program,
        "as of": settings.as_of.isoformat(),
        "bodies": summary.bodies,
        "complete": summary.complete,
        "failures": dict(sorted(summary.failures.items())),
    }
    write_file(unfinished / RUN, json.dumps(fields, indent=1).encode() + b"\n")
