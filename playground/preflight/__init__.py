"""What can be known before launching: a payload and facts → lines. Pure, and never raises."""
