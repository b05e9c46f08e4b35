"""What the API is, as a reference tells it: its operations, their fields, and examples of both."""
