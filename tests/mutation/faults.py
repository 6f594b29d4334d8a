"""Faults written by hand, and the generated ones that change nothing. A file of either is a list of

    header.hpp: what is wrong, or why nothing changes
    - lines of the header, white space apart
    + what stands there instead

where more such pairs of lines may follow.
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
            pairs = []
            for line in lines[1:]:
                if line[0] == "-" and (not pairs or pairs[-1]["+"]):
                    pairs.append({"-": [], "+": []})
                pairs[-1][line[0]].append(line[2:])
            yield from ((header, text, pair["-"], pair["+"]) for pair in pairs)


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
    return {(header, squeeze(old), squeeze(new))
            for path in HERE.glob("equivalent*.txt") for header, _, old, new in entries(path)}
