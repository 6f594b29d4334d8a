"""Faults written by hand, and the generated ones that change nothing. A file of either is a list of

    header.hpp: what is wrong, or why nothing changes
    - lines of the header, white space apart
    + what stands there instead
"""
import pathlib
import re

import generate

HERE = pathlib.Path(__file__).resolve().parent
squeeze = lambda lines: " ".join(" ".join(lines).split())


def entries(path):
    """(header, text, old lines, new lines)"""
    for block in re.split(r"\n\s*\n", path.read_text().strip()):
        lines = [line for line in block.split("\n") if line and not line.startswith("#")]
        if lines:
            header, text = lines[0].split(": ", 1)
            yield (header, text, [x[2:] for x in lines if x.startswith("- ")], [x[2:] for x in lines if x.startswith("+ ")])


def written(include, header):
    for path in sorted((HERE / "faults").glob("*.txt")):
        for name, kind, old, new in entries(path):
            if name != header:
                continue
            text = (include / header).read_text()
            places = list(re.finditer(r"\s+".join(re.escape(word) for word in squeeze(old).split()), text))
            if len(places) != 1:
                raise SystemExit(f"{path.name}: {header} has {len(places)} times: {squeeze(old)}")
            yield generate.fault(header, text, *places[0].span(), "\n".join(new), kind)


def equivalent():
    return {(header, squeeze(old), squeeze(new)) for header, _, old, new in entries(HERE / "equivalent.txt")}
