"""What is kept of a launch form: drafts, presets, and payloads shared by a link."""
