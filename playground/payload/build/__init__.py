"""A draft becomes the payload, with what is wrong with it and where each part comes from."""
