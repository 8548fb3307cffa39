"""The archivist's desk: what came in, what is doubtful, and decisions that can be taken back."""
