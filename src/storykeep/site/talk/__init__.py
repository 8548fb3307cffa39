"""What readers say and keep: kudos, comments, shelves."""
