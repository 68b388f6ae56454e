"""The pages of a folder, served on this computer for a browser under test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from cli.browser.application import application
from cli.browser.guard import Session
from cli.browser.site import Site


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """The pages, served from a thread of this process until the test is done with them."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        site = Site(folder, Session(listening.getsockname()[1]))
        config = uvicorn.Config(
            application(site),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=1,
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield site
        finally:
            server.should_exit = True
            thread.join(10)
            if site.check_run:
                site.check_run.stop()
