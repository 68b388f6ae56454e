"""The child process that reads files, within a bound on its memory.

:mod:`.apart` starts it as a script, with the most memory that it may use, the folder that contains
the libraries, and the reader to call (``module:function``). Standard input gives what the reader
takes, pickled. Standard output takes whatever the reader hands over, one thing after another; like
a terminal, it has a text for a fault.
"""

import contextlib
import gc
import pickle
import pkgutil
import sys
from pathlib import Path

NO_MEMORY = 77
"""The exit code where Python itself is refused memory."""


def _bound(memory: int) -> None:
    """Bounds the memory of this process, if the system can do so."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 (not there on every system)

        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        bounds = [bound for bound in (memory, soft, hard) if bound != resource.RLIM_INFINITY]
        resource.setrlimit(resource.RLIMIT_AS, (min(bounds), hard))


def _hand_over(value: object) -> None:
    pickle.dump(value, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.flush()


def main() -> int:
    """Calls the reader, and returns the exit code."""
    memory, folder, reader = sys.argv[1:]
    sys.path[:0] = [str(Path(__file__).resolve().parents[2]), folder]
    gc.disable()  # cells form no reference cycles, and looking for cycles is slow
    _bound(int(memory))
    try:
        arguments = pickle.load(sys.stdin.buffer)
        pkgutil.resolve_name(reader)(_hand_over, *arguments)
    except (MemoryError, ImportError):  # a library that does not fit in memory cannot be imported
        return NO_MEMORY
    except Exception:  # noqa: BLE001 (the parent process must report it, whatever it is)
        import traceback  # noqa: PLC0415 (rarely needed)

        _hand_over(traceback.format_exc())
    return 0


if __name__ == "__main__":
    sys.exit(main())
