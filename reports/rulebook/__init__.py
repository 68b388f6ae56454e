"""The rulebook as a page for people."""
