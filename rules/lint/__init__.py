"""Checks of a rulebook whose files have the right form."""
