"""How long a check takes, and how much memory: python -m bench."""
