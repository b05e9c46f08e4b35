"""Rows of a spreadsheet on their way into a launch."""
