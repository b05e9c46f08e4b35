"""Launching a workflow: what is shown before, the one call, and what becomes of it."""
