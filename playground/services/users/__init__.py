"""The upstream's users, who own accounts."""
