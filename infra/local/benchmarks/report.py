"""The table of a run."""

import datetime
import os
import pathlib
import platform
from dataclasses import dataclass, field

import toolbox

PATH = toolbox.ROOT / "docs" / "benchmarks.md"


@dataclass
class Line:
    workload: str
    measured: str
    value: float
    baseline: float | None
    unit: str
    target: str

    def holds(self) -> bool:
        """Whether the target is met; it is a bound on the ratio where there is a baseline, else on the value."""
        relation, bound = self.target.split()[:2]
        figure = self.value if self.baseline is None else self.value / self.baseline
        return figure <= float(bound) if relation == "<=" else figure >= float(bound)

    def cells(self) -> list[str]:
        ratio = "" if self.baseline is None else f"{self.value / self.baseline:.2f} x"
        baseline = "" if self.baseline is None else f"{self.baseline:.2f} {self.unit}"
        return [self.workload, self.measured, f"{self.value:.2f} {self.unit}", baseline, ratio, self.target, "yes" if self.holds() else "**no**"]


@dataclass
class Report:
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells) -> None:
        line = Line(*cells)
        self.lines.append(line)
        toolbox.say(" | ".join(line.cells()))

    def note(self, text: str) -> None:
        self.notes.append(text)
        toolbox.say(text)

    def print(self) -> None:
        print("\n" + self.table())

    def table(self) -> str:
        head = ["Workload", "Measured", "Value", "Baseline", "Ratio", "To reach", "Reached"]
        rows = [head, ["---"] * len(head), *(line.cells() for line in self.lines)]
        return "\n".join("| " + " | ".join(row) + " |" for row in rows)

    def write(self) -> None:
        """Replaces docs/benchmarks.md."""
        PATH.write_text(
            f"# Benchmarks\n\nWritten by `make bench` on {datetime.date.today()}, {machine()}. Baselines run side by side in the same run; "
            "results are checked against the truth before they count.\n\n"
            + self.table() + "\n\n" + "".join(f"- {note}\n" for note in self.notes)
        )  # fmt: skip


def machine() -> str:
    """Processor, cores, memory and system."""
    info = pathlib.Path("/proc/cpuinfo").read_text()
    model = next((line.split(":")[1].strip() for line in info.splitlines() if line.startswith("model name")), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}"
