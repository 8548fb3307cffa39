"""Submissions: who may publish here, and the queue of a curated archive."""
