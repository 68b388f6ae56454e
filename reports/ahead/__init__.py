"""What is coming within a year: in words by month, and as a calendar."""
