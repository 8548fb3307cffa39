"""Saved web pages: one page in, one reading out."""
