"""`make test`: sets everything up, checks everything, and says in plain words what passed."""

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field

import client
import toolbox

# Every unit of work is its own step, so that one failure does not hide the next.
BUILD = ["cargo", "build", "--workspace", "--bins", "--locked", "--quiet"]
CLIPPY = ["cargo", "clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "-D", "warnings"]
# Poison reaches the dead-letter queue after five tries: soon enough for a test to wait for.
PARAMETERS = {"IngestRetrySeconds": "8", "MailRetrySeconds": "8", "ExportRetrySeconds": "8", "ReportRetrySeconds": "8"}

# Of the 17,000 calls that cover the API document, `make test` sends one of so many; `make contract` all,
# or as SHARE says.
CONTRACT_SHARE = 16


@dataclass
class Report:
    """What has run so far."""

    lines: list[tuple[str, int, int, float]] = field(default_factory=list)

    def add(self, name: str, passed: int, failed: int, seconds: float) -> None:
        self.lines.append((name, passed, failed, seconds))
        toolbox.say(f"{name}: {passed} passed, {failed} failed ({seconds:.0f} s)")

    def close(self) -> int:
        """Prints the summary; the exit code."""
        passed, failed = (sum(line[i] for line in self.lines) for i in (1, 2))
        print("\nSummary")
        for name, good, bad, seconds in self.lines:
            print(f"  {name:<44} {good:>5} passed {bad:>4} failed {seconds:>6.0f} s")
        print(f"\n{passed} passed, {failed} failed", flush=True)
        return 0 if failed == 0 and passed > 0 else 1


def main() -> int:
    toolbox.enter("run", "test")
    import system

    report = Report()
    try:
        with system.stoppable():
            if "--contract" in sys.argv:
                _step(report, "functions build", BUILD)
                with _system() as running:
                    _contract(report, running, int(os.environ.get("SHARE", "1")))
            else:
                _static(report)
                if "--static" not in sys.argv:
                    _dynamic(report)
    except system.Stopped:
        toolbox.say("stopped")
        return 130
    return report.close()


def _static(report: Report) -> None:
    templates = ["template.yaml", *map(str, sorted((toolbox.ROOT / "infra").glob("*.yaml")))]
    _step(report, "format (cargo fmt)", ["cargo", "fmt", "--all", "--check"])
    _step(report, "templates (cfn-lint)", [toolbox.VENV / "bin" / "cfn-lint", *templates])
    # What Python itself would notice only when the line runs.
    ruff = [toolbox.VENV / "bin" / "ruff", "check", "--no-cache", "--quiet", "--select", "E9,F,B", "infra"]
    _step(report, "scripts (ruff)", ruff)
    _unit_tests(report)
    for command in client.check():
        name = " ".join(str(part) for part in command[1:])
        _step(report, f"TypeScript client (npm {name})", command, client.HOME, client.environment())
    deny = [toolbox.cargo_deny(), "--locked", "--log-level", "error", "check", "licenses", "bans", "sources"]
    _step(report, "licences, bans, sources (cargo-deny)", deny)
    _step(report, "lints (clippy, warnings are errors)", CLIPPY)


def _dynamic(report: Report) -> None:
    # The end-to-end tests also run binaries themselves, beside the deployed ones.
    _step(report, "functions build", BUILD)
    # Compiling is not testing: without this its time would hide in the first suite.
    _step(report, "tests compile", ["cargo", "test", "--workspace", "--locked", "--quiet", "--no-run"])
    with _database() as server, _system() as running:
        settings = {"TEST_DATABASE_URL": server.superuser_url(), "E2E_ENDPOINTS": str(running.endpoints)}
        _step(report, "TypeScript client (a chart)", *_chart(running))
        _contract(report, running, CONTRACT_SHARE)
        # All at once: a selection of packages would have other features unified and compile everything again.
        _cargo_test(report, ["--workspace"], {**os.environ, **settings})


def _contract(report: Report, running, share: int) -> None:
    """Every operation of docs/openapi.json, called as it allows and as it forbids."""
    import contract

    endpoints = json.loads(running.endpoints.read_text())
    for role in ("owner", "viewer"):
        command, environment = contract.command(endpoints["api"], share), contract.environment(endpoints, role, share)
        _step(report, f"the API against its document, as {role} (schemathesis)", command, environment=environment)


def _chart(running) -> tuple:
    command, environment = client.draw(running.endpoints)
    return command, client.HOME, environment


def _database():
    """A throw-away Postgres for tests that make a database each."""
    import system

    return system.bare_database(_fresh("database"))


def _system():
    """This checkout's template.yaml, deployed to an emulator that knows nothing yet."""
    import postgres
    import system

    return system.running(_fresh("system"), 0, PARAMETERS, postgres.THROWAWAY)


def _fresh(name: str):
    state = toolbox.LOCAL / "test" / name
    import children

    children.end_leftovers(state.resolve())
    subprocess.run(["rm", "-rf", state], check=True)
    return state


def _step(report: Report, name: str, command: list, place=toolbox.ROOT, environment: dict[str, str] | None = None) -> None:
    started = time.monotonic()
    code = _run(command, environment or {**os.environ}, place=place)
    report.add(name, int(code == 0), int(code != 0), time.monotonic() - started)


def _unit_tests(report: Report) -> None:
    """The tests of the template, which are Python because SAM's own reader is."""
    started = time.monotonic()
    output: list[str] = []
    _run([sys.executable, "-m", "unittest", "discover", "-s", "infra/tests"], {**os.environ}, output)
    text = "".join(output)
    ran = re.search(r"Ran (\d+) test", text)
    failed = sum(int(count) for count in re.findall(r"(?:failures|errors)=(\d+)", text)) if ran else 1
    report.add("rules of the template (unittest)", int(ran[1]) - failed if ran else 0, failed, time.monotonic() - started)


def _cargo_test(report: Report, selection: list[str], environment: dict[str, str]) -> None:
    """Runs test binaries and counts what they print; a binary that dies counts as one failure."""
    started = time.monotonic()
    output: list[str] = []
    command = ["cargo", "test", "--locked", "--no-fail-fast", *selection]
    code = _run(command, environment, output)
    counts = [re.match(r"test result: \w+\. (\d+) passed; (\d+) failed", line) for line in output]
    passed, failed = (sum(int(found[i]) for found in counts if found) for i in (1, 2))
    if code != 0 and failed == 0:
        failed = 1
    report.add(f"cargo test {' '.join(selection)}", passed, failed, time.monotonic() - started)


def _run(command: list, environment: dict[str, str], output: list[str] | None = None, place=toolbox.ROOT) -> int:
    """Runs a command in the checkout, its output passed on (and kept); ends it when we are interrupted."""
    child = subprocess.Popen(
        [str(part) for part in command], cwd=place, env=environment, text=True,
        stdout=subprocess.PIPE if output is not None else None,
        stderr=subprocess.STDOUT if output is not None else None,
    )  # fmt: skip
    try:
        for line in child.stdout or ():
            output.append(line)
            print(line, end="", flush=True)
        return child.wait()
    except BaseException:
        child.terminate()
        child.wait()
        raise


if __name__ == "__main__":
    sys.exit(main())
