"""The search language: text becomes a tree, and a sentence that a person can read."""
