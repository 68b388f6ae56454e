"""What stops a command that needs the ledger."""

from __future__ import annotations


class LedgerProblem(Exception):
    """The ledger or its store cannot be used so; ``str()`` of it is the whole message."""


class Damaged(LedgerProblem):
    """The ledger is there, and cannot be read as one."""


class OtherKey(LedgerProblem):
    """The ledger has another key than that of the rows' fingerprints."""
