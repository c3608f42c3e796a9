"""`make help`: the targets of the Makefile with what they do."""

import re

from toolbox import ROOT

for line in (ROOT / "Makefile").read_text().splitlines():
    if found := re.match(r"([a-z-]+):.*## (.*)", line):
        print(f"  make {found[1]:<8} {found[2]}")
