"""`make logs`: what the functions of a running system have logged, oldest first."""

import json
import sys

import toolbox


def main() -> None:
    toolbox.enter("run")
    from emulator import client

    endpoints = toolbox.LOCAL / "endpoints.json"
    if not endpoints.exists():
        sys.exit("nothing is running; start it with `make run`")
    logs = client("logs", json.loads(endpoints.read_text())["s3"]["endpoint"])
    lines = []
    for group in logs.describe_log_groups()["logGroups"]:
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"]):
            lines += [(event["timestamp"], event["message"]) for event in page["events"]]
    for _, message in sorted(lines, key=lambda line: line[0]):
        # The emulator frames each call with START, END and REPORT.
        if not message.startswith(("START ", "END ", "REPORT ")):
            print(message)


if __name__ == "__main__":
    main()
