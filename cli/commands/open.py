"""dueregard open: the office's folder as pages in a browser on this computer."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from cli.arguments import Commands, add_command
from cli.exits import NOTHING_OUTSTANDING, Stop
from cli.inputs import path_words


def add_to(commands: Commands) -> None:
    """Adds the command."""
    about = "show the office's folder in a browser: name files, answer questions, check, read"
    add = add_command(commands, "open", about, run).add_argument
    folder = "the office's folder (default: this one)"
    add("folder", metavar="FOLDER", type=Path, nargs="?", default=Path(), help=folder)
    add("--no-browser", action="store_true", help="print the address and open no browser")
    port = "the port on this computer (default: one that is free)"
    add("--port", metavar="N", type=int, default=0, help=port)


def run(options: argparse.Namespace) -> int:
    """Serves the pages until a person closes them."""
    folder: Path = options.folder
    if not folder.is_dir():
        raise Stop(f"{path_words(folder)} is not a folder: give the folder with the spreadsheets.")
    # loaded only for this command
    from cli.browser.serve import serve  # noqa: PLC0415

    gc.enable()  # the pages are made for as long as a person works with them
    serve(folder, options.port, with_browser=not options.no_browser)
    return NOTHING_OUTSTANDING
