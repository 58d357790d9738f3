"""What is read of answers, measures and published results."""
