"""How it reads: one view of an assessment, and one module for each format."""
