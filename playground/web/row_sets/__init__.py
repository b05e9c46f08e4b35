"""Rows of many inputs: imported, mapped, repaired and listed."""
