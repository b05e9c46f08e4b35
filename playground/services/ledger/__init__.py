"""What was sent, by whom and what came of it: the rows that the database keeps."""
