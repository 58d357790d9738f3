"""Ratings of teachers, schools and districts by published rules; rankings; explanations; objections."""
