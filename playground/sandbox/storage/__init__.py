"""Where the sandbox keeps launches, events and changes: in memory, or in the database."""
