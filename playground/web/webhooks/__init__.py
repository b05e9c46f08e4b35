"""Pages about who is told elsewhere when a job is over."""
