"""One function for each thing the playground can do. Views call these, and only these."""
