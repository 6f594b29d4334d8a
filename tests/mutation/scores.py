"""scores.md: how many faults of each header the tests find. A run writes the rows of the headers that it judged whole."""
import collections
import hashlib
import pathlib
import re

import generate

FILE = pathlib.Path(__file__).resolve().parent / "scores.md"
COLUMNS = ["killed", "equivalent", "survived"]
ABOVE = """# How many faults the tests find

`run.py` writes this table: the rows of the headers whose faults it judged, all of them; the other rows stay as they are.
Equivalent are those that change nothing, listed with their reasons in `equivalent*.txt`. `judged` is the header's code then,
whatever its comments (the beginning of its SHA-256): a row that says "changed" is of earlier code, and its header waits for the
next run.

"""


def read():
    """By header, the counts and what was judged."""
    text = FILE.read_text() if FILE.exists() else ""
    rows = re.findall(r"^\| (\S+\.hpp) +" + r"\| +(\d+) " * len(COLUMNS) + r"\| +(\w+) ", text, re.M)
    return {header: {**dict(zip(COLUMNS, map(int, counts))), "judged": judged} for header, *counts, judged in rows}


def fingerprint(path):
    return hashlib.sha256(generate.code_alone(path.read_text()).encode()).hexdigest()[:8]


def table(scores):
    """As Markdown, in the tower's order, with a last row of them all."""
    place = lambda header: (generate.TOWER.index(header.split("/")[0]), header)
    total = collections.Counter()
    columns = [*COLUMNS, "judged"]
    lines = [f"| {'header':36} | {' | '.join(columns)} |", f"|{'-' * 38}|{'|'.join('-' * (len(c) + 2) for c in columns)}|"]
    line = lambda name, counts: f"| {name:36} | {' | '.join(f'{counts[c]:{len(c)}}' for c in COLUMNS)} | {counts.get('judged', ''):8} |"
    for header in sorted(scores, key=place):
        total.update({c: scores[header][c] for c in COLUMNS})
        lines.append(line(header, scores[header]))
    counted = max(1, sum(total[c] for c in COLUMNS))
    share = lambda n: f"{100 * n / counted:.1f} %"
    return "\n".join([*lines, line("all", total), "",
                      f"{share(total['killed'])} killed, {share(total['equivalent'])} equivalent, "
                      f"{share(total['survived'])} survived, of {counted:,}."])


def write(include, judged):
    """Takes the rows of `judged`, and leaves out headers that are gone."""
    rows = {h: counts for h, counts in read().items() if (include / h).exists()}
    for header, counts in rows.items():
        if counts["judged"] != fingerprint(include / header):
            counts["judged"] = "changed"
    rows |= {h: {**{c: counts[c] for c in COLUMNS}, "judged": fingerprint(include / h)} for h, counts in judged.items()}
    FILE.write_text(f"{ABOVE}{table(rows)}\n")
