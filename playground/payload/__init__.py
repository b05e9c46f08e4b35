"""From what a person typed to the payload: pure Python, no I/O, never raises on a draft."""
