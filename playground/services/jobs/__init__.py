"""Jobs: following one, which of them run now, their results."""
