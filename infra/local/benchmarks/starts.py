"""How long a function takes from the start of its process to its first request for work, against the least there is."""

import statistics

from benchmarks.workbench import Workbench

STARTS = 30


def seconds(bench: Workbench, name: str) -> float:
    """The median of many starts; the first ones read the binary from disk and are left out."""
    taken = []
    for _ in range(STARTS + 3):
        function = bench.function(name)
        taken.append(function.wait_ready())
        function.stop()
    return statistics.median(taken[3:])
