"""Item response models. Abilities and difficulties are logits, on the logistic metric without 1.7."""
