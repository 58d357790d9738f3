"""What people do with results: bring in files, take them back, have reports made."""
