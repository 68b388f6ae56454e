"""How it is asked: the command line, and the only place for today's date and exit codes."""
