"""Bytes become readable, safe words. Pure functions, no I/O."""
