"""`make bench`: how long calls of a running system take, from outside. The emulator adds 50–95 ms to each."""

import json
import statistics
import sys
import time

import toolbox

CALLS = 40
PATHS = ("/v1/health", "/v1/me", "/v1/uploads", "/v1/sales", "/v1/analytics/summary?from=2026-01-01&to=2026-04-30", "/v1/emails")


def main() -> None:
    toolbox.enter("run")
    import demo

    path = toolbox.LOCAL / "endpoints.json"
    if not path.exists():
        sys.exit("nothing is running; start it with `make run`")
    endpoints = json.loads(path.read_text())
    api = demo.Api(endpoints["api"])
    api.enter(endpoints["demo"])
    print(f"{'GET':<60} {'p50 ms':>8} {'p95 ms':>8}")
    for path in PATHS:
        times = []
        for _ in range(CALLS):
            started = time.perf_counter()
            api.call("GET", path)
            times.append((time.perf_counter() - started) * 1000)
        print(f"{path:<60} {statistics.median(times):>8.1f} {statistics.quantiles(times, n=20)[-1]:>8.1f}")


if __name__ == "__main__":
    main()
