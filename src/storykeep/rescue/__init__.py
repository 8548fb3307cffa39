"""The pipeline: sniff, read, learn the page shape, repair, collate, report. A journal makes it resumable."""
