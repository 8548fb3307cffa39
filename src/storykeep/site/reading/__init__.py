"""What readers see: the first page, lists, stories, downloads, search, the archive's own texts."""
