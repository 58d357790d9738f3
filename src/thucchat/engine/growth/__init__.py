"""Growth, ranks and gaps: what pupils gained, how far units can be told apart, how marks and exams differ."""
