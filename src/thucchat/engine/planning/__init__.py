"""Aims that add up: indicators, their cascade in whole pupils, their chance, and whether they are met."""
