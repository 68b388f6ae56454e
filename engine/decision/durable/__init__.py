"""The rules engine: many rules against many small situations, in a process that may die alone."""

from engine.decision.durable.session import available, decide

__all__ = ["available", "decide"]
