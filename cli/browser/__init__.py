"""The office's folder as pages in a browser on this computer."""
