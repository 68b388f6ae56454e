"""The Dask cluster of a run: on this computer, or at an address."""

from __future__ import annotations

import ipaddress
import logging
import multiprocessing
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import dask
from dask.system import CPU_COUNT
from distributed import Client, LocalCluster, Security
from distributed.utils import get_mp_context

from estate.bodies import EstateStop
from estate.worker import Versions, version_words, versions
from evidence.visible import visible

#: The packages that must have one version everywhere, besides those that Dask itself compares.
_PACKAGES = ("dask", "distributed", "numpy", "pandas", "pyarrow")
_LOCAL = "127.0.0.1"
_FORKS = "forkserver"
#: After this time without any worker a task fails.
_NO_WORKERS = "3 minutes"
_WORKER_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """Where a run takes place. ``address``: of a scheduler, '' for a cluster on this computer with
    so many ``workers`` (None: one for each processor). The files are of TLS, those that are None
    from Dask's own configuration."""

    address: str = ""
    workers: int | None = None
    tls_ca: Path | None = None
    tls_cert: Path | None = None
    tls_key: Path | None = None


@contextmanager
def connected(options: ClusterOptions, modules: Sequence[str]) -> Iterator[Client]:
    """A client of the cluster. ``modules`` are what a worker needs, loaded once on this computer
    for all of them. Raises EstateStop if there is no such cluster, or it is not safe to use."""
    # what Dask logs about lost workers is in the results, where a body failed of it
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    if options.address:
        with _remote(options) as client:
            yield client
        return
    settings: dict[str, object] = {
        # a body that ends its process twice is tried again alone, so that no other is blamed
        "distributed.scheduler.allowed-failures": 1,
        "distributed.scheduler.no-workers-timeout": _NO_WORKERS,
        # else a worker keeps the call stacks of every second for an hour: 100 MB in ten minutes
        "distributed.worker.profile.enabled": False,
    }
    if _FORKS in multiprocessing.get_all_start_methods():
        settings["distributed.worker.multiprocessing-method"] = _FORKS
    with dask.config.set(settings):
        if _FORKS in settings.values():
            # a worker that takes the place of a killed one then begins at once
            get_mp_context().set_forkserver_preload(["distributed", *modules])
        with (
            LocalCluster(
                n_workers=options.workers or CPU_COUNT,
                threads_per_worker=1,
                host=_LOCAL,
                dashboard_address=f"{_LOCAL}:0",
                silence_logs="CRITICAL",
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client


@contextmanager
def _remote(options: ClusterOptions) -> Iterator[Client]:
    address = options.address if "://" in options.address else f"tcp://{options.address}"
    scheme = urlsplit(address).scheme
    if scheme != "tls" and not (scheme == "tcp" and _is_loopback(address)):
        raise EstateStop(
            f"{visible(options.address)} is not safe to use: a worker runs whatever it is sent, "
            "and a check reads personal data. Start the scheduler and the workers with TLS, and "
            "give an address that begins with tls://. Without TLS, an address of this computer "
            f"alone is accepted, such as tcp://{_LOCAL}:8786."
        )
    try:
        client = Client(address, security=_security(options, scheme))
    except (OSError, TimeoutError, ValueError, TypeError) as error:
        raise EstateStop(
            f"The scheduler {visible(options.address)} cannot be reached ({_reason(error)}). "
            "Check that it runs, its address, and with tls:// the certificates."
        ) from None
    with client:
        yield client


def _security(options: ClusterOptions, scheme: str) -> Security:
    files = {
        "tls_ca_file": options.tls_ca,
        "tls_client_cert": options.tls_cert,
        "tls_client_key": options.tls_key,
    }
    for path in files.values():
        if path is not None and not path.is_file():
            raise EstateStop(f"The certificate or key {visible(str(path))} was not found.")
    given = {name: str(path) for name, path in files.items() if path is not None}
    return Security(require_encryption=scheme == "tls", **given)


def _reason(error: Exception) -> str:
    while error.__cause__ is not None and isinstance(error.__cause__, Exception):
        error = error.__cause__
    return str(error) or type(error).__name__


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def must_have_equal_workers(client: Client, local: bool) -> None:
    """Raises EstateStop unless there are workers, all reached as safely as the scheduler, with this
    program and its versions."""
    try:
        client.wait_for_workers(1, timeout=_WORKER_SECONDS)
    except TimeoutError:
        raise EstateStop("The scheduler has no workers. Start some, and try again.") from None
    addresses = list(client.nthreads())
    unsafe = [
        each for each in addresses if not each.startswith("tls://") and not _is_loopback(each)
    ]
    if unsafe and not local:
        raise EstateStop(
            f"The worker {unsafe[0]} is reached without TLS. Start it with TLS, or on this "
            "computer."
        )
    own = versions()
    for address, found in client.run(versions, on_error="return").items():
        if not isinstance(found, Versions):
            raise EstateStop(
                f"The worker {address} cannot run dueregard ({_reason(found)}). Install the same "
                "version of it on every worker, with the extra 'estate'."
            )
        if words := version_words(address, own, found):
            raise EstateStop(words)
    _must_have_equal_packages(client)


def _must_have_equal_packages(client: Client) -> None:
    found = client.get_versions(packages=["pyarrow"])
    assert isinstance(found, dict)  # the client is not asynchronous
    own = found["client"]["packages"]
    for address, other in found["workers"].items():
        for name in _PACKAGES:
            if other["packages"].get(name) != own.get(name):
                raise EstateStop(
                    f"The worker {address} has {name} {other['packages'].get(name)}, and this "
                    f"computer has {own.get(name)}. Nothing was checked: install the same versions "
                    "everywhere."
                )
