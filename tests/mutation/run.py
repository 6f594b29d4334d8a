#!/usr/bin/env python3
"""Puts small faults into the headers, one at a time, and says which ones the tests find.

    python3 tests/mutation/run.py                      all of them: an hour on two cores
    python3 tests/mutation/run.py cells/lstm.hpp ops   of these headers or folders only
    python3 tests/mutation/run.py --sample 20          that many, of three headers, drawn with a seed that is printed
    python3 tests/mutation/run.py kernels --sample 40  the kernels are asked for by name: all of theirs take an hour

Most faults are generated (generate.py), others are written by hand (faults/*.txt). Each is built with the tests that mirror
its header and is killed when one of them fails, crashes or never ends. What does not compile is no fault. Survivors that change
nothing are listed in equivalent*.txt, each with the reason. The counts go to scores.md, but those of a sample. Exit status 1:
another one survived. Needs clang++, Eigen, Catch2, nlohmann_json.
"""
import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import queue
import random
import re
import resource
import shutil
import subprocess
import sys
import threading
import time

import combine
import faults
import generate
import scores
from also import ALSO

HERE = pathlib.Path(__file__).resolve().parent
TESTS, INCLUDE = HERE.parent, HERE.parent.parent / "include"
BY_NAME = ["kernels", "cells/fused.hpp", "cells/fused_input.hpp", "ops/head_loss.hpp"]  # only where they are asked for
AT_ONCE = 100  # faults in one program: more make it slow to compile, fewer are more programs
SUPPORT = ["catch_main", "malloc"]  # tests/support/*.cpp that every program is linked with
# What cmake/compiled.cpp compiles: a fault there is compiled with the test.
COMPILED = ["core", "kernels", "autograd", "sequence", "cells", "ops/affine.hpp", "ops/product.hpp", "ops/lookup.hpp",
            "ops/cross_entropy.hpp", "ops/head_loss.hpp"]
# A constexpr function that asks the environment for its fault is none, which matters only where a constant needs it.
FLAGS = ["-std=c++20", "-O1", "-UNDEBUG", "-D_GLIBCXX_ASSERTIONS", "-w", "-Wno-invalid-constexpr", f"-I{TESTS}",
         "-isystem", "/usr/include/eigen3", "-DONNX_ML", "-DONNX_NAMESPACE=onnx",
         f'-DBPTT_FIXTURES="{TESTS}/fixtures"', *os.environ.get("CXXFLAGS", "").split()]
LIBRARIES = {"onnx": ["-lonnx", "-lonnx_proto", "-lprotobuf"]}  # by the test's folder


def among(header, names):
    """Whether it is one of these headers, or in one of these folders."""
    return any(header == name or header.startswith(name + "/") for name in names)


class Bench:
    """Builds and runs single tests, with headers at fault or as they are; remembers what came out for as long as that header,
    the test and what it includes of tests/ stay as they are (not the other headers)."""

    def __init__(self, build, jobs):
        self.build = build
        build.mkdir(parents=True, exist_ok=True)
        self.memory = build / "results.jsonl"
        self.known = dict(json.loads(line) for line in self.memory.open()) if self.memory.exists() else {}
        self.limits = {}  # seconds that a test may take
        self.sources = {}  # the text of the test and of what it includes of tests/
        self.preparing = {}  # a lock for each test
        for left in build.glob("job*"):  # of a run that was killed: a header at fault there would be taken for the right one
            shutil.rmtree(left)
        pre = build / "pre.hpp"
        pre.write_text(f'#include <Eigen/Core>\n#include "catch.hpp"\n#include "{HERE}/fault.hpp"\n'
                       "#include <nlohmann/json.hpp>\n")
        first = [["-x", "c++-header", pre, "-o", f"{pre}.pch"],
                 *(["-c", TESTS / f"support/{name}.cpp", "-o", build / f"{name}.o"] for name in SUPPORT),
                 ["-c", TESTS.parent / "cmake/compiled.cpp", "-o", build / "compiled.o"]]
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            if errors := "".join(pool.map(self.compile, first)):
                sys.exit(errors)

    def compile(self, arguments, include=()):
        """Empty, or what the compiler says."""
        command = ["clang++", *FLAGS, *include, f"-I{INCLUDE}", *arguments]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        return done.stderr if done.returncode else ""

    def link(self, test, place, text=None, header=None):
        """Builds tests/`test`.cpp into the folder `place`, with another text of a header; empty, or what the compiler says."""
        overlay = place / "include" / "bptt" / (header or "none")
        overlay.parent.mkdir(parents=True, exist_ok=True)
        if text:
            overlay.write_text(text)
        pre = ["-include-pch", f"{self.build}/pre.hpp.pch", "-MD", "-MF", f"{place}/test.d", "-ferror-limit=0"]
        compiled = not header or not among(header, COMPILED)
        errors = text and self.compile([*pre, "-fsyntax-only", overlay], [f"-I{place}/include"])  # sooner than the whole test
        errors = errors or self.compile(
            [*pre, "-c", TESTS / f"{test}.cpp", "-o", place / "test.o", *["-DBPTT_COMPILED"] * compiled], [f"-I{place}/include"])
        overlay.unlink(missing_ok=True)
        if not errors:
            support = [self.build / f"{name}.o" for name in [*SUPPORT, *["compiled"] * compiled]]
            link = ["clang++", "-fuse-ld=gold", place / "test.o", *support, *LIBRARIES.get(test.split("/")[0], []), "-o",
                    place / "test"]
            subprocess.run(link, check=True)
        return errors

    def run(self, place, limit, chosen=-1):
        """passed or failed"""
        memory = lambda: resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))
        try:
            done = subprocess.run([place / "test", "-a", "~[slow]"], cwd=place, timeout=limit, preexec_fn=memory,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  env={**os.environ, "FAULT": str(chosen)})
        except subprocess.TimeoutExpired:
            return "failed"
        return "failed" if done.returncode else "passed"

    def prepare(self, test):
        """Builds and runs a test on the headers as they are, when it is first asked for: most faults are found by another."""
        with self.preparing.setdefault(test, threading.Lock()):
            if test not in self.sources:
                self.build_right(test)

    def build_right(self, test):
        place = self.build / "right" / test
        place.mkdir(parents=True, exist_ok=True)
        errors = self.link(test, place)
        began = time.monotonic()
        if errors or self.run(place, 600) != "passed":
            sys.exit(f"tests/{test}.cpp fails without a fault\n{errors}")
        self.limits[test] = 20 + 10 * (time.monotonic() - began)
        words = (place / "test.d").read_text().replace("\\\n", " ").split()[1:]
        self.sources[test] = "".join(pathlib.Path(w).read_text() for w in sorted(words) if w.startswith(str(TESTS)))
        self.sources[test] += " ".join(w for w in sorted(words) if w.startswith(str(INCLUDE)))

    def key(self, fault, test):
        return f"{test} {hashlib.sha256((self.sources[test] + generate.code_alone(fault.text)).encode()).hexdigest()}"

    def remember(self, fault, test, outcome):
        self.known[self.key(fault, test)] = outcome
        if outcome != "does not compile":  # another header may be why
            with self.memory.open("a") as out:
                out.write(json.dumps([self.key(fault, test), outcome]) + "\n")

    def judge(self, header, faults, test, place):
        """What tests/`test`.cpp says of each of these faults of a header."""
        if str(INCLUDE / "bptt" / header) not in self.sources[test]:
            return ["passed"] * len(faults)
        text = (INCLUDE / "bptt" / header).read_text()
        unknown = [f for f in faults if self.key(f, test) not in self.known]
        together, alone = unknown, []
        while together:  # all that compile together, in one program
            changed, held = combine.combined(text, together)
            errors = self.link(test, place, changed, header) if len(held) > 1 else "none"
            wrong = {int(n) for n in re.findall(r"fault_(\d+):", errors)}
            if not wrong:  # it is the types that don't fit, which is said of the line
                lines = {int(line) for line in re.findall(r"header:(\d+):\d+: error", errors)}
                wrong = {n for n in held if together[n].line in lines}
            if not errors:
                for n in held:
                    self.remember(together[n], test, self.run(place, self.limits[test], n))
                alone += [f for n, f in enumerate(together) if n not in held]
                break
            alone += [f for n, f in enumerate(together) if n not in held or n in wrong or not wrong]
            together = [f for n, f in enumerate(together) if n in held and n not in wrong] if wrong else []
        for f in alone:
            errors = self.link(test, place, f.text, header)
            self.remember(f, test, "does not compile" if errors else self.run(place, self.limits[test]))
        return [self.known[self.key(f, test)] for f in faults]


def tests_of(header):
    folder, stem = header.removesuffix(".hpp").split("/")
    own = [p for p in sorted((TESTS / folder).glob(f"{stem}*.cpp")) if p.stem == stem or p.stem.startswith(stem + "_")]
    return [f"{folder}/{p.stem}" for p in own] + ALSO.get(header, [])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("only", nargs="*", help="headers or folders below include/bptt")
    options.add_argument("--sample", type=int)
    options.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--build", type=pathlib.Path, default=TESTS.parent / "build/mutation")
    options.add_argument("--list", action="store_true", help="only say what the faults are")
    o = options.parse_args()

    headers = [str(p.relative_to(INCLUDE / "bptt")) for folder in generate.TOWER
               for p in sorted((INCLUDE / "bptt" / folder).glob("*.hpp"))]
    headers = [h for h in headers if (among(h, o.only) if o.only else not among(h, BY_NAME))]
    all_faults = [f for h in headers for f in [*generate.generated(INCLUDE / "bptt", h), *faults.written(INCLUDE / "bptt", h)]]
    if o.list:
        return faults.show(all_faults)
    if o.sample:
        print(f"seed {o.seed}")
        draw = random.Random(o.seed)
        few = {f.header for f in draw.sample(all_faults, min(3, len(all_faults)))}  # as each header's tests are built for it
        all_faults = [f for f in all_faults if f.header in few]
        all_faults = draw.sample(all_faults, min(o.sample, len(all_faults)))
    equivalent = faults.equivalent()
    bench = Bench(o.build.resolve(), o.jobs)
    places = queue.Queue()
    for k in range(o.jobs):
        places.put(bench.build / f"job{k}")
    table = {h: collections.Counter() for h in headers if any(f.header == h for f in all_faults)}
    survivors = []

    def run(header, chunk):
        place, outcomes = places.get(), {}
        try:
            for test in tests_of(header):
                left = [f for f in chunk if f not in outcomes]
                if not left:
                    break
                bench.prepare(test)
                outcomes |= {f: o for f, o in zip(left, bench.judge(header, left, test, place)) if o != "passed"}
            return [(f, outcomes.get(f, "passed")) for f in chunk]
        finally:
            places.put(place)

    with concurrent.futures.ThreadPoolExecutor(o.jobs) as pool:
        chunks, done = [], 0
        for h in table:
            ours = [f for f in all_faults if f.header == h]
            chunks += [pool.submit(run, h, ours[k:k + AT_ONCE]) for k in range(0, len(ours), AT_ONCE)]
        for chunk in concurrent.futures.as_completed(chunks):
            for fault, outcome in chunk.result():
                done += 1
                survived = "equivalent" if fault.change in equivalent else "survived"
                verdict = {"failed": "killed", "passed": survived}.get(outcome, outcome)
                table[fault.header][verdict] += 1
                if verdict == "survived":
                    survivors.append(fault)
                    print(f"survived: {fault.name}\n    - {fault.before}\n    + {fault.after}", flush=True)
            print(f"{done} of {len(all_faults)}, {len(survivors)} survived", file=sys.stderr, flush=True)
    print(f"\n{scores.table(table)}\n{sum(n['does not compile'] for n in table.values())} did not compile.")
    if not o.sample:
        scores.write(INCLUDE / "bptt", table)
    return bool(survivors)


if __name__ == "__main__":
    sys.exit(main())
