"""The seven patterns (rules.patterns)."""

from rules.patterns import *  # noqa: F403
