"""Serves the pages on this computer until they are closed, and opens the browser."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import webbrowser
from pathlib import Path

import uvicorn

from cli.browser.application import application
from cli.browser.guard import Session
from cli.browser.site import Site
from cli.exits import Stop
from cli.say import complain, say

_HOST = "127.0.0.1"
#: Seconds in which open connections may end once the pages are closed.
_LAST_SECONDS = 2


def serve(folder: Path, port: int, *, with_browser: bool) -> None:
    """Serves the folder's pages; ``port`` 0 takes any that is free. Prints the address. Returns
    when a person closes the pages or stops the program. Raises Stop if the port is taken."""
    listening = _listening(port)
    with listening:
        site = Site(folder, Session(listening.getsockname()[1]))
        config = uvicorn.Config(
            application(site),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=_LAST_SECONDS,
        )
        # what it would print is not for the person who started the program
        logging.getLogger("uvicorn").setLevel(logging.CRITICAL + 1)
        server = _Server(config, site)
        # the server raises again the signal that ended it, which must not end the process; whoever
        # reads the address may end it at once
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            say(f"The page of {folder.absolute()} is open at:\n{site.session.address}")
            say("It can be reached from this computer alone. To close it, press Ctrl-C here.")
            if with_browser:
                address = (site.session.address,)
                threading.Thread(target=_open, args=address, daemon=True).start()
            server.run(sockets=[listening])
        except KeyboardInterrupt:
            pass
        finally:
            if site.check_run:
                site.check_run.stop()
    say("The page is closed. Everything that was saved is in the folder.")


class _Server(uvicorn.Server):
    """A server that also ends when a page asks for it."""

    def __init__(self, config: uvicorn.Config, site: Site) -> None:
        super().__init__(config)
        self._site = site

    async def on_tick(self, counter: int) -> bool:
        """Whether to end now; called ten times a second."""
        return self._site.stopping or await super().on_tick(counter)


def _listening(port: int) -> socket.socket:
    """A socket that only this computer reaches."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":  # the same port may be used at once after the program was closed
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HOST, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        reason = getattr(error, "strerror", None) or error
        raise Stop(
            f"Port {port} cannot be used ({reason}). Another program may use it: leave --port out, "
            "and a free one is taken."
        ) from None
    return listening


def _open(address: str) -> None:
    """Opens the browser, or says that there is none."""
    try:
        opened = webbrowser.open(address)
    except Exception:  # noqa: BLE001  (whatever the system's browser does, the pages are served)
        opened = False
    if not opened:
        complain("No browser could be opened. Copy the address above into one on this computer.")
