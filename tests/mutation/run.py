#!/usr/bin/env python3
"""Puts small faults into the headers, one at a time, and says which ones the tests find.

    python3 tests/mutation/run.py                      all of them: under two hours on two cores
    python3 tests/mutation/run.py cells/lstm.hpp ops   of these headers or folders only
    python3 tests/mutation/run.py --sample 20          that many, drawn with a seed that is printed

Most faults are generated (generate.py), others are written by hand (faults/*.txt). Each is built with the tests that mirror
its header and is killed when one of them fails, crashes or never ends. What does not compile is no fault. Survivors that change
nothing are listed in equivalent.txt, each with the reason. Exit status 1: another one survived. Needs clang++, Eigen, Catch2.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import pathlib
import queue
import random
import resource
import subprocess
import sys
import time

import faults
import generate

HERE = pathlib.Path(__file__).resolve().parent
TESTS, INCLUDE = HERE.parent, HERE.parent.parent / "include"
FOLDERS = ["core", "ops", "cells", "nets", "decode", "train"]
# Tests beside those that are named like the header.
ALSO = {
    "core/check.hpp": ["ops/arithmetic_errors"],
    "core/init.hpp": ["cells/lstm", "nets/linear"],
    "core/param.hpp": ["train/optimizer_names", "core/tape"],
    "core/threads.hpp": ["core/tape"],
    "core/types.hpp": ["core/tape"],
    "core/var.hpp": ["core/tape", "ops/arithmetic", "ops/arithmetic_errors", "ops/shape"],
    "core/tape.hpp": ["ops/arithmetic", "ops/shape", "laws/long_tape", "laws/allocation"],
    "core/arena.hpp": ["core/tape", "laws/allocation"],
    "core/state.hpp": ["nets/unroll", "nets/stacked"],
    "core/sequence.hpp": ["nets/unroll", "nets/bidirectional"],
    "core/layout.hpp": ["core/tokens", "core/sequence"],
    "cells/cell.hpp": ["nets/stacked", "nets/unroll"],
    "cells/lstm.hpp": ["cells/peepholes", "parity/pytorch_lstm", "parity/pytorch_peepholes"],
    "cells/gru.hpp": ["parity/pytorch_gru"],
    "cells/rnn.hpp": ["parity/pytorch_rnn"],
    "nets/unroll.hpp": ["laws/lengths_rnn"],
    "nets/highway.hpp": ["parity/pytorch_highway"],
    "nets/attention.hpp": ["parity/pytorch_attention", "nets/decoder"],
    "nets/decoder.hpp": ["nets/encoder_decoder"],
    "train/windows.hpp": ["train/truncated"],
}
FLAGS = ["-std=c++20", "-O0", "-UNDEBUG", "-w", f"-I{TESTS}", "-isystem", "/usr/include/eigen3", f'-DBPTT_FIXTURES="{TESTS}/fixtures"']


class Bench:
    """Builds and runs single tests, with the header of a fault or as they are; remembers what came out for as long as that
    header, the test and what it includes of tests/ stay as they are (not the other headers)."""

    def __init__(self, build):
        self.build = build
        build.mkdir(parents=True, exist_ok=True)
        self.memory = build / "results.jsonl"
        self.known = dict(json.loads(line) for line in self.memory.open()) if self.memory.exists() else {}
        self.limits = {}  # seconds that a test may take
        pre = build / "pre.hpp"
        pre.write_text(f'#include <Eigen/Core>\n#include "catch.hpp"\n#include "{HERE}/gradient.hpp"\n')
        self.compile(["-x", "c++-header", pre, "-o", f"{pre}.pch"])
        self.compile(["-c", TESTS / "support/catch_main.cpp", "-o", build / "main.o"])

    def compile(self, arguments, include=()):
        command = ["clang++", *FLAGS, *include, f"-I{INCLUDE}", *arguments]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        if done.returncode and not include:
            sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
        return done.returncode == 0

    def outcome(self, test, place, include=(), limit=600):
        """passed, failed or "does not compile" of tests/`test`.cpp; built in the folder `place`."""
        place.mkdir(parents=True, exist_ok=True)
        objects, program = place / "test.o", place / "test"
        pre = ["-include-pch", f"{self.build}/pre.hpp.pch", "-MD", "-MF", f"{place}/test.d"]
        if not self.compile([*pre, "-c", TESTS / f"{test}.cpp", "-o", objects], include):
            return "does not compile"
        subprocess.run(["clang++", "-fuse-ld=gold", objects, self.build / "main.o", "-o", program], check=True)
        memory = lambda: resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        try:
            done = subprocess.run([program, "-a", "~[slow]"], cwd=place, timeout=limit, preexec_fn=memory, stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return "failed"
        return "failed" if done.returncode else "passed"

    def prepare(self, test):
        """Runs a test on the headers as they are; a key of all that it is made from."""
        place = self.build / "right" / test
        began = time.monotonic()
        if self.outcome(test, place) != "passed":
            sys.exit(f"tests/{test}.cpp fails without a fault")
        self.limits[test] = 20 + 10 * (time.monotonic() - began)
        words = (place / "test.d").read_text().replace("\\\n", " ").split()[1:]
        return {word: pathlib.Path(word).read_bytes() for word in words if word.startswith((str(TESTS), str(INCLUDE)))}

    def judge(self, fault, test, made_from, place):
        header = str(INCLUDE / "bptt" / fault.header)
        if header not in made_from:
            return "passed"
        digest = hashlib.sha256(fault.text.encode())
        for name in sorted(made_from):
            if name.startswith(str(TESTS)):
                digest.update(made_from[name])
        key = f"{test} {digest.hexdigest()}"
        if key not in self.known:
            overlay = place / "include" / "bptt" / fault.header
            overlay.parent.mkdir(parents=True, exist_ok=True)
            overlay.write_text(fault.text)
            self.known[key] = self.outcome(test, place, [f"-I{place}/include"], self.limits[test])
            overlay.unlink()
            with self.memory.open("a") as out:
                out.write(json.dumps([key, self.known[key]]) + "\n")
        return self.known[key]


def tests_of(header):
    folder, stem = header.removesuffix(".hpp").split("/")
    own = [p for p in sorted((TESTS / folder).glob(f"{stem}*.cpp")) if p.stem == stem or p.stem.startswith(stem + "_")]
    errors = [f"errors/{folder}"] if (TESTS / f"errors/{folder}.cpp").exists() else []
    return [f"{folder}/{p.stem}" for p in own] + ALSO.get(header, []) + errors


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("only", nargs="*", help="headers or folders below include/bptt")
    options.add_argument("--sample", type=int)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--build", type=pathlib.Path, default=TESTS.parent / "build/mutation")
    options.add_argument("--list", action="store_true", help="only say what the faults are")
    o = options.parse_args()

    headers = sorted((str(p.relative_to(INCLUDE / "bptt")) for p in (INCLUDE / "bptt").rglob("*.hpp")),
                     key=lambda h: (FOLDERS.index(h.split("/")[0]) if h.split("/")[0] in FOLDERS else 99, h))
    wanted = lambda h: any(h == w or h.startswith(w + "/") for w in o.only or FOLDERS)
    all_faults = [f for h in headers if wanted(h) for f in [*generate.generated(INCLUDE / "bptt", h), *faults.written(INCLUDE / "bptt", h)]]
    if o.list:
        return print(*(f"{f.name}\n    - {f.before}\n    + {f.after}" for f in all_faults), sep="\n")
    if o.sample:
        print(f"seed {o.seed}")
        all_faults = random.Random(o.seed).sample(all_faults, min(o.sample, len(all_faults)))
    equivalent = faults.equivalent()
    bench = Bench(o.build.resolve())
    places = queue.Queue()
    for k in range(o.jobs):
        places.put(bench.build / f"job{k}")
    table = {h: collections.Counter() for h in headers if any(f.header == h for f in all_faults)}
    survivors = []

    def run(fault):
        place = places.get()
        try:
            for test in tests_of(fault.header):
                outcome = bench.judge(fault, test, right[test].result(), place)
                if outcome != "passed":
                    return fault, {"failed": "killed"}.get(outcome, outcome)
            return fault, "equivalent" if fault.change in equivalent else "survived"
        finally:
            places.put(place)

    with concurrent.futures.ThreadPoolExecutor(o.jobs) as pool:
        needed = dict.fromkeys(t for h in table for t in tests_of(h))
        right = {t: pool.submit(bench.prepare, t) for t in needed}
        for k, (fault, outcome) in enumerate(pool.map(run, all_faults), 1):
            table[fault.header][outcome] += 1
            if sys.stderr.isatty():
                print(f"\r{k} of {len(all_faults)}", end="", file=sys.stderr)
            if outcome == "survived":
                survivors.append(fault)
                print(f"\rsurvived: {fault.name}\n    - {fault.before}\n    + {fault.after}", flush=True)
    total = sum(table.values(), collections.Counter())
    print(f"\n| {'header':24} | killed | equivalent | survived |\n|{'-' * 26}|--------|------------|----------|")
    for name, n in [*table.items(), ("all", total)]:
        print(f"| {name:24} | {n['killed']:6} | {n['equivalent']:10} | {n['survived']:8} |")
    counted = max(1, total["killed"] + total["survived"] + total["equivalent"])
    print(f"\nkilled or equivalent: {100 - 100 * total['survived'] / counted:.1f} % of {counted}; {total['does not compile']} did not compile")
    return bool(survivors)


if __name__ == "__main__":
    sys.exit(main())
