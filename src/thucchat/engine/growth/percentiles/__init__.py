"""Growth percentiles: where a pupil stands among all who started from the same scores."""
