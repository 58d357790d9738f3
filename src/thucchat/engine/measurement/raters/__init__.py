"""Marks that people give: how far raters agree, who is severe, who drifts, and what that does to a score."""
