"""The TypeScript client: generated from docs/openapi.json, type-checked, and used once."""

import json
import os
import pathlib
import subprocess
import sys
import urllib.request

import toolbox

HOME = toolbox.ROOT / "web" / "client"


def main() -> int:
    """`make client`."""
    toolbox.enter("run", "test")
    for command in check():
        subprocess.run(command, cwd=HOME, env=environment(), check=True)
    toolbox.say("web/client/src/schema.d.ts is what docs/openapi.json says")
    return 0


def check() -> list[list]:
    """The commands that generate the types and check everything with them."""
    npm = toolbox.VENV / "bin" / "npm"
    return [[npm, "ci", "--silent"], [npm, "run", "--silent", "generate"], [npm, "run", "--silent", "check"]]


def draw(endpoints: pathlib.Path) -> tuple[list, dict[str, str]]:
    """The command that draws the example's chart for a new organisation, and its environment."""
    api = json.loads(endpoints.read_text())["api"]
    account = {"organization": "Maison Chart", "email": "chart@maison.example", "password": "a chart from one document"}
    body = json.dumps(account).encode()
    request = urllib.request.Request(f"{api}/v1/auth/register", body, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()
    settings = {"API": api, "EMAIL": account["email"], "PASSWORD": account["password"]}
    return [toolbox.VENV / "bin" / "node", "examples/chart.ts"], environment() | settings


def environment() -> dict[str, str]:
    """Node comes as a wheel; its scripts look for it in PATH."""
    return {**os.environ, "PATH": f"{toolbox.VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"}


if __name__ == "__main__":
    sys.exit(main())
