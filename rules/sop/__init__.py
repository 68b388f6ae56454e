"""The SOP as an input: read, cited to the paragraph, covered sentence by sentence, compared."""
