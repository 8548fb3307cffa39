"""The archive on the web: Django as a thin shell around the core."""
