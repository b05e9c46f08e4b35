"""`/users/`: the upstream's users."""
