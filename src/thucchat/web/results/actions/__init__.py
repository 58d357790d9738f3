"""What people and jobs do with answers, runs and publications."""
