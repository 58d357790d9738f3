"""What people do with rules, runs, ratings and objections."""
