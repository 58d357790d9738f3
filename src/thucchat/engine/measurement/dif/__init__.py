"""Differential item functioning: does an item favour one of two groups of equal ability?"""
