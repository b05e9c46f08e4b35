"""Ways to write a table down. All cells are text, letter by letter, until they are mapped."""
