"""The SOP as read, its coverage, and two versions compared."""
