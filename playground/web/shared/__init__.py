"""Payloads that were shared by a link."""
