"""Telling somebody elsewhere that a job is over."""
