"""The benchmark suite behind `thucchat bench`: sizes, times, memory, ratios to peers on the machine."""
