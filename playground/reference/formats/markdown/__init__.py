"""The reference as Markdown."""
