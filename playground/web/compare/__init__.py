"""Two payloads side by side: what differs in them, by what it means."""
