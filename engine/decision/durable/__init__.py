"""The rules engine: many rules against many small situations, in a child process, because the
library may crash."""

from engine.decision.durable.session import available, decide

__all__ = ["available", "decide"]
