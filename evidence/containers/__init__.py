"""The containers that workbooks come in: zip packages, compound files and their XML."""
