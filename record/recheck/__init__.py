"""The verifier that goes with every pack: one file, for an auditor with Python and nothing else."""
