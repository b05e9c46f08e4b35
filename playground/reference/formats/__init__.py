"""The reference for other tools, from the same data as its pages."""
