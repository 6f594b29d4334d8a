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


def essence(text):
    """What tells two texts of a header apart: not white space, nor empty statements."""
    return re.sub(r"(?<=[;{}]);+", "", re.sub(r"\s+", "", text))


def show(all_of_them):
    """Prints them; marks those that are there already, under another name, and says which entries of equivalent() are none."""
    seen, twice = set(), 0
    for f in all_of_them:
        again = (f.header, essence(f.text)) in seen
        seen.add((f.header, essence(f.text)))
        twice += again
        print(f"{f.name}{' [the same as one before]' if again else ''}\n    - {f.before}\n    + {f.after}")
    headers, changes = {f.header for f in all_of_them}, {f.change for f in all_of_them}
    for header, before, after in sorted(equivalent() - changes):
        if header in headers:
            print(f"no such fault, in the list of those that change nothing: {header}\n    - {before}\n    + {after}")
    print(f"{len(all_of_them)} faults, {twice} of them the same as one before")
