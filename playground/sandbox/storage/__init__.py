"""Where the sandbox keeps launches, events and changes: `protocol` says what a store can do,
`memory` and `database` are the two that there are."""
