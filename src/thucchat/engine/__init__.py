"""The pure half: values in, frozen results out.

No framework, clock, network, environment or global random state.
"""
