"""Linking of item response scales: constants, their error, anchors that drift. Abilities are in logits."""
