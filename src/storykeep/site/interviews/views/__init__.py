"""The pages of interviews: for readers, for the author who answers, for the archivist who asks."""
