"""Runs the benches named on the command line (all without a name), prints their tables, and keeps them as Markdown.

    bin/bench                 everything
    bin/bench epub pages      some of it

Each bench is a module beside this one with ``measure() -> list[dict]`` and a docstring that says what is compared.
Ratios of one run are what counts; the description of the machine stands above them.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
BENCHES = ("epub", "pages", "rescue", "search", "serving")
sys.path.insert(0, str(FOLDER))


def main(names: list[str]) -> int:
    unknown = set(names) - set(BENCHES)
    if unknown:
        print(
            f"There is no bench called {', '.join(sorted(unknown))}; known are {', '.join(BENCHES)}.", file=sys.stderr
        )
        return 2
    parts = [f"Machine: {machine()}\n"]
    for name in names or BENCHES:
        bench = importlib.import_module(name)
        parts.append(f"## {name}\n\n{bench.__doc__.strip()}\n\n{table(bench.measure())}\n")
        print(parts[-1], flush=True)
    kept = Path(os.environ.get("STORYKEEP_BENCH_OUT", FOLDER.parents[1] / "build" / "bench.md"))
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text("\n".join(parts), "utf-8")
    print(f"Kept in {kept}")
    return 0


def machine() -> str:
    """Return what the figures were measured on, without naming the machine."""
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores ({cpu}), {platform.system()}, Python {platform.python_version()}"


def table(rows: list[dict[str, object]]) -> str:
    """Return ``rows`` as a Markdown table; the first row's keys are the columns."""
    if not rows:
        return "Nothing could be measured here."
    columns = list(rows[0])
    lines = [columns, ["---"] * len(columns), *([row.get(column, "") for column in columns] for row in rows)]
    return "\n".join("| " + " | ".join(map(show, line)) + " |" for line in lines)


def show(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
