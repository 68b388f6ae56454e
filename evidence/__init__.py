"""What can be shown: workbooks and CSV files read into typed items, each with its place."""
