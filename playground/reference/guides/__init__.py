"""Guides: what people ask first, each answered with a call that works."""
