"""Presets: named drafts, listed, saved from a form, changed and removed."""
