"""The questions about an office's own sheet, page after page, and the mapping from the answers."""
