"""Removing accounts and users: what ends with them, said before, and then asked for once."""
