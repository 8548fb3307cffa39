"""The archive itself, as archivists change it: its name, its own texts, its kinds of tags."""
