"""The store of assessments: a folder, or any place that fsspec has an address for."""

from __future__ import annotations

import gzip
import zlib
from functools import cache
from pathlib import Path, PurePosixPath

import fsspec
from fsspec.implementations.local import LocalFileSystem

from estate.bodies import EstateStop
from evidence.output_file import write_file
from evidence.visible import visible


class StoreProblem(EstateStop):
    """The store cannot be read or written."""


class Store:
    """A store, by its address. Its files are compressed, and complete or not there."""

    def __init__(self, address: str) -> None:
        """Raises StoreProblem if no file system has such an address."""
        self.address = address
        try:
            self._files, self._root = fsspec.core.url_to_fs(address)
        except (ImportError, ValueError, OSError) as error:
            raise StoreProblem(f"{self}: there is no such place for a store ({error}).") from None

    def __str__(self) -> str:
        return f"The store {visible(self.address)}"

    def put(self, name: str, data: bytes) -> None:
        """Stores bytes under a name. Raises StoreProblem if that is impossible."""
        path, packed = self._path(name), gzip.compress(data, 6, mtime=0)
        try:
            self._files.makedirs(str(PurePosixPath(path).parent), exist_ok=True)
            if isinstance(self._files, LocalFileSystem):
                write_file(Path(path), packed)
            else:  # an object of a service is there when it is complete
                self._files.pipe_file(path, packed)
        except Exception as error:  # noqa: BLE001  (each file system has errors of its own)
            reason = getattr(error, "strerror", None) or error
            raise StoreProblem(
                f"{self} could not be written ({reason}): make room, or give another place with "
                "--store. What is in it is kept, and the same command does only the rest."
            ) from None

    def get(self, name: str) -> bytes | None:
        """The bytes under a name; None if there are none, or they are damaged. Raises StoreProblem
        if the store cannot be read."""
        try:
            return gzip.decompress(self._files.cat_file(self._path(name)))
        except (FileNotFoundError, NotADirectoryError, EOFError, zlib.error, gzip.BadGzipFile):
            return None
        except Exception as error:  # noqa: BLE001
            reason = getattr(error, "strerror", None) or error
            raise StoreProblem(f"{self} could not be read ({reason}).") from None

    def remove(self, folder: str) -> None:
        """Removes a folder of names, if it is there."""
        path = f"{self._root}/{folder}"
        if self._files.exists(path):
            self._files.rm(path, recursive=True)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}.gz"


@cache
def store_at(address: str) -> Store:
    """The store with an address, once for a process."""
    return Store(address)
