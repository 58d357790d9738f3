"""Spreadsheets in and out: hostile files are refused, all others parsed by a limited child process."""
