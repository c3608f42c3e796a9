"""Whether the time of a refused sign-in tells if somebody has the address."""

import json
import statistics
import time

from benchmarks.workbench import Workbench

ROUNDS = 60
KNOWN = "owner@bench.example"


def seconds(bench: Workbench) -> tuple[float, float]:
    """Medians of a sign-in with a wrong password and of one with an unknown address, taken in turns."""
    register = bench.function("auth-register")
    register.wait_ready()
    made = register.invoke(_post("register", {"organization": "Bench", "email": KNOWN, "password": "violet harbour ledger 42"}))
    register.stop()
    if made["statusCode"] != 201:
        raise RuntimeError(f"register answered {made}")
    login = bench.function("auth-login")
    login.wait_ready()
    taken: dict[str, list[float]] = {"wrong": [], "unknown": []}
    for number in range(ROUNDS):
        for what, email in (("wrong", KNOWN), ("unknown", f"nobody{number:02}@bench.example")):
            event = _post("login", {"email": email, "password": "violet harbour ledger 43"})
            started = time.perf_counter()
            answer = login.invoke(event)
            taken[what].append(time.perf_counter() - started)
            if answer["statusCode"] != 401:
                raise RuntimeError(f"login answered {answer}")
    login.stop()
    # The first ones open connections and read memory.
    return tuple(statistics.median(times[5:]) for times in taken.values())


def _post(name: str, body: dict) -> dict:
    """What API Gateway sends for a call without a token."""
    path = f"/v1/auth/{name}"
    http = {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "bench"}
    return {
        "version": "2.0", "routeKey": f"POST {path}", "rawPath": path, "rawQueryString": "",
        "headers": {"content-type": "application/json"}, "body": json.dumps(body), "isBase64Encoded": False,
        "requestContext": {
            "accountId": "1", "apiId": "bench", "http": http, "requestId": "bench", "routeKey": f"POST {path}", "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000", "timeEpoch": 1767225600000,
        },
    }  # fmt: skip
