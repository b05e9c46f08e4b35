"""Tables of rows as people have them: how they are written, and which input each column is."""
