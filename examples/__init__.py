"""A made-up office's evidence, for the README, the demonstration, the tests and the bench."""
