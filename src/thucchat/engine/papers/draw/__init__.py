"""A draw of papers that nobody can steer and anybody can repeat."""
