"""Drafts made from something else: a payload, a whole change, the first rows of a launch."""
