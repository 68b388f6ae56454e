"""The SOP file, read into sections: plain text, Markdown or Word."""
