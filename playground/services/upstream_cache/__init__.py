"""Asking the upstream: many things at once, each once for all, kept for a short, visible time."""
