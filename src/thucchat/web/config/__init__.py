"""Settings, routes and the servers' entry points."""
