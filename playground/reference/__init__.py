"""Descriptions of the API for people's own tools, made from `playground.contract`. Pure, no I/O."""
