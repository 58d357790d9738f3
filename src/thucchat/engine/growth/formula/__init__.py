"""Model formulas in lme4's notation: `score ~ prior * sex + (1 + prior | school) + (1 | teacher)`."""
