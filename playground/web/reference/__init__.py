"""`/reference/`: the API described for people and for tools."""
