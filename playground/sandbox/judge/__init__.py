"""Whether what a caller sends is taken. Written independently of the payload core."""
