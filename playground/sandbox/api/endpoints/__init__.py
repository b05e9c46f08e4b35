"""What each call of the API does, by the thing that it is about."""
