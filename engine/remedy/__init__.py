"""What would meet an obligation that is not met."""
