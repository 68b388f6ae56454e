"""What was read and asks a person to look."""
