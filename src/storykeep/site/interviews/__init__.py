"""Interviews: the questionnaire of the archive, and what its authors answer."""
