"""The rules engine: many rules against many small situations, in a process that may die alone."""

from engine.durable.session import Child, available, decide, spares, trial

__all__ = ["Child", "available", "decide", "spares", "trial"]
