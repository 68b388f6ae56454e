"""What is said on the terminal, whatever the terminal is."""

from __future__ import annotations

import os
import sys


def say(text: str) -> None:
    """Prints whatever the terminal can show of it. Where nobody reads any longer (the output went
    to a program that has ended), that is no fault, and what was done stays done."""
    encoding = sys.stdout.encoding or "utf-8"
    try:
        print(text.encode(encoding, "replace").decode(encoding), flush=True)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
