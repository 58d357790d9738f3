"""Pages of exams, of files of results, and of the province's place in the country."""
