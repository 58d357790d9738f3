"""Linear mixed models fitted by (restricted) maximum likelihood on sufficient statistics.

y = X beta + Z b + e, with b ~ N(0, sigma^2 L L') and e_i ~ N(0, sigma^2 / w_i). L, the relative
covariance factor, is block diagonal: one lower triangular block per random term, repeated for its levels.
Source: Bates, Mächler, Bolker, Walker (2015), Journal of Statistical Software 67(1).
"""
