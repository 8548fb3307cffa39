"""Works as rows: stories, chapters, people, series, and where each word came from."""
