"""Why an obligation has its status: derivations, citations and examined rows."""
