"""Submissions: who may publish here, and what becomes of a work that is sent in. The pages are in ``curating``."""
