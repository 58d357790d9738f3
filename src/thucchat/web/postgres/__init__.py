"""The database server: started here when no address is given, and its three roles."""
