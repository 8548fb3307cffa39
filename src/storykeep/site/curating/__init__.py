"""The pages of a curated archive: the queue, reading and deciding, suggested edits; and what the writer sees of it."""
