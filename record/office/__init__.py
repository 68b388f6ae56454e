"""The office's folder: office.yaml, the files of evidence that it names, and one user at a time."""
