"""The command `thucchat`: files in, results out; and the commands that operate an installation."""
