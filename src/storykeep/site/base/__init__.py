"""What every page needs: the archive itself, its own pages, headers, errors, static files."""
