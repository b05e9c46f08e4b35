"""A draft becomes the payload: rows, steps and options, with what is wrong and where it comes from."""
