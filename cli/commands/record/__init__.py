"""The commands that add to the record of checks, or read and pack it."""
