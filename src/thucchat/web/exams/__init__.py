"""Exams and their results: brought in from files, analysed once, shown as pages and documents."""
