"""The search language: what a reader typed becomes a tree, and the tree a sentence that a person can check."""
