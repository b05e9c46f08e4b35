"""What repeats, and changing it."""
