"""Tables of many rows, kept on the server: read, mapped, checked, repaired, and launched."""
