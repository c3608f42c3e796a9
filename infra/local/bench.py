"""`make bench`: what the work costs, next to what it is compared with in the same run. See docs/benchmarks.md."""

import argparse

import toolbox


def main() -> None:
    toolbox.enter("run", "bench")
    from benchmarks import suite

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"one or more of {', '.join(suite.NAMES)}; default all")
    parser.add_argument("--rows", type=int, default=suite.ROWS, help="rows of the messy file")
    suite.run(parser.parse_args())


if __name__ == "__main__":
    main()
