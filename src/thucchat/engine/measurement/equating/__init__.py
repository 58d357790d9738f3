"""Observed-score equating: one form's scores expressed on another form's scale, with standard errors."""
