"""The command line, and the only place for today's date, paths and exit codes."""
