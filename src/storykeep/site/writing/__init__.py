"""Writing: a desk at which nothing that was typed is lost, and nothing is published by accident."""
