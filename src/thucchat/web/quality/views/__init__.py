"""Pages of the quality contract."""
