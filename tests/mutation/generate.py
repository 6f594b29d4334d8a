"""Small faults in a header, one at a time."""
import dataclasses
import pathlib
import re

from partners import EVERYWHERE, PARTNERS

# The tower, lowest first: the folders whose headers get faults.
TOWER = ["core", "kernels", "autograd", "sequence", "ops", "cells", "nets", "decode", "live", "models", "train", "text", "inspect",
         "io"]
# Of each kind of fault one a line is enough, but in these folders, for these kinds.
EQUATIONS = ["ops", "cells", "nets", "models"]
EACH = ["+ became -", "- became +", "factor dropped", "parameter left out"]
LIKE = {"cells/unroll.hpp": "nets"}  # headers with the faults of another folder
OPERATORS = {
    "+": ["-"], "-": ["+"], "/": ["*"], "<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"], "==": ["!="], "!=": ["=="],
    "&&": ["||"], "||": ["&&"], "+=": ["-=", "="], "-=": ["+="], "*=": ["/="], "/=": ["*="], "|=": ["&="], "&=": ["|="],
    "?": ["&& false ?", "|| true ?"],  # always the second, always the first
}
# Calls that a value may lose: x.transpose() -> x.
DROPPED_CALLS = ["transpose", "square", "sqrt", "exp", "reverse", "abs"]
# Where values of a forward pass meet: there the gradient alone is dropped, negated or doubled, see fault.hpp.
GRADIENTS = {
    "cells": r"s\.[hc]|gate\.\w+|(?<![\w.])(?:[ifgoxcru]|x[run]|h[run])(?![\w.(:])",
    "nets": r"s\.[hc]|(?<![\w.])[xgea](?![\w.(:])|read\.\w+|y\.h|next|m\.keys|m\.projected|together|query",
}
GRADIENTS["models"] = GRADIENTS["nets"]
PARAMETERS = r"(?:this->)?\b(?:W[xhtfios]?|U|P[ifo]|b[ht]?)\b(?= [*%] (\w[\w.]*))"
DECLARATION = (r"(?:const|static|constexpr|auto|mutable|using|typename|struct|return|break|continue|case|default|else|throw"
               r"|public|private|friend|explicit|template)\b|;|[\w:]+(?:<[^;=()]*>)?(?:[&*]* | \*const |\* const )\w+"
               r"(?: = |;|\(|\{|\[|, )")
OPENERS = {"(": ")", "[": "]", "{": "}"}


@dataclasses.dataclass(frozen=True)
class Fault:
    header: str  # below include/bptt
    line: int    # of the change, from 1
    kind: str
    before: str  # lines of the header that change, without the white space around them
    after: str
    begin: int   # of the header's text, [begin, end) becomes the replacement
    end: int
    replacement: str
    text: str    # of the whole header, with the fault

    @property
    def name(self):
        return f"{self.header}:{self.line}: {self.kind}"

    @property
    def change(self):
        return self.header, self.before, self.after


def fault(header, text, begin, end, replacement, kind):
    """text with [begin, end) replaced."""
    first = text.rfind("\n", 0, begin) + 1
    last = (text.find("\n", max(end, begin)) + len(text)) % len(text) if "\n" in text[end:] else len(text)
    squeeze = lambda s: " ".join(s.split())
    before, after = text[first:last], text[first:begin] + replacement + text[end:last]
    return Fault(header, text.count("\n", 0, begin) + 1, kind, squeeze(before), squeeze(after), begin, end, replacement,
                 text[:begin] + replacement + text[end:])


def code_alone(text):
    """Without comments and includes, and however it is broken into lines."""
    return " ".join(re.sub(r"//[^\n]*|#include[^\n]*", "", text).split())


def plain(text):
    """Comments, strings and preprocessor lines become blanks of the same length."""
    blank = lambda m: re.sub(r"[^\n]", " ", m.group())
    text = re.sub(r"^#if defined\(_WIN32\)\n.*?(?=^#(?:else|endif))", blank, text, flags=re.S | re.M)  # not compiled here
    text = re.sub(r' R"(\w*)\(.*?\)\1"', blank, text, flags=re.S)
    text = re.sub(r"//[^\n]*|/\*.*?\*/|^ *#[^\n]*|\bstatic_assert\([^;]*;|\[\[.*?\]\]|\bconcept\b.*?;\n(?!\s+\{)(?! |\})",
                  blank, text, flags=re.S | re.M)
    text = re.sub(r'"(?:\\.|[^"\\\n])*"|(?<!\w)\'(?:\\.|[^\'\\\n])+\'', lambda m: '"' + " " * (len(m.group()) - 2) + '"', text)
    return re.sub(r"\btemplate <[^\n]*?>(?= |\n)|\brequires\b(?: \{[^{}]*\}|[^;{]*(?=\{))|\busing\b[^;]*;", blank, text)


def opens_block(text, k):
    """Whether the brace at k opens a function or a block in one."""
    before = text[max(0, k - 80):k]
    return re.search(r"(\)|\bconst&?|\bnoexcept|\boverride|\belse|\bdo|\btry|\bmutable|-> [\w:<>&* ]+)\s*$", before) is not None


def masked(text):
    """What stands outside of functions becomes blank, too."""
    text = plain(text)
    out, braces, depth = [], [], 0
    for k, c in enumerate(text):
        if c == "{":
            braces.append(opens_block(text, k))
            depth += braces[-1]
        out.append(c if depth or c == "\n" else " ")
        if c == "}":
            depth -= braces.pop()
    return "".join(out)


def operand_after(text, k):
    """The end of the operand of a product that begins at k."""
    while k < len(text) and text[k] in "-!*&":
        k += 1
    while k < len(text):
        if text[k] in OPENERS:
            k = matching(text, k) + 1
        elif re.match(r"[\w.:]|->", text[k:]):
            k += 2 if text[k] == "-" else 1
        elif text[k] == "<" and re.match(r"<[\w:, <>&]*>\(", text[k:]):
            k = text.index(">(", k) + 1
        else:
            break
    return k


def operand_before(text, k):
    """The beginning of the operand of a product that ends before k."""
    closers = {v: o for o, v in OPENERS.items()}
    while k > 0:
        c = text[k - 1]
        if c in closers:
            depth = 0
            for j in range(k - 1, -1, -1):
                depth += (text[j] in closers) - (text[j] in OPENERS)
                if depth == 0:
                    break
            k = j
        elif re.match(r"[\w.:]", c):
            k -= 1
        elif text[k - 2:k] == "->":
            k -= 2
        else:
            break
    return k


def matching(text, k):
    depth = 0
    for j in range(k, len(text)):
        depth += (text[j] in OPENERS) - (text[j] in OPENERS.values())
        if depth == 0:
            return j
    return len(text) - 1


def statements(code):
    """(begin, end) of every statement, but no declaration, that may be left out: up to its semicolon."""
    stack, inside = [], []
    for c in code:
        if c in OPENERS:
            stack.append(c)
        elif c in OPENERS.values() and stack:
            stack.pop()
        inside.append(stack[-1] if stack else "")
    for m in re.finditer(r"(?<=[;{}])\s*([^;{}]*;)", code):
        s = m.group(1)
        if inside[m.end() - 1] == "{" and s.count("(") == s.count(")") and not re.match(DECLARATION, s):
            yield m.start(1), m.end(1)


def increased(number):
    return f"0{int(number, 8) + 1:o}" if number[0] == "0" and len(number) > 1 else str(int(number) + 1)


def edits(text, code, folder):
    """(begin, end, replacement, kind) of every fault in functions."""
    for begin, end in statements(code):
        yield begin, end, ";", "deleted"
    for m in re.finditer(r"\baccumulate\(", code):
        close = matching(code, m.end() - 1)
        yield m.end(), close, "-(" + code[m.end():close] + ")", "negated"
    for m in re.finditer(r"(?<= )(\+=|-=|\*=|/=|\|=|&=|<=|>=|==|!=|&&|\|\||[-+/<>?])(?= )", code):
        for other in OPERATORS[m.group()]:
            yield m.start(), m.end(), other, f"{m.group()} became {other}"
    for m in re.finditer(r" [*%] ", code):
        after, before = operand_after(code, m.end()), operand_before(code, m.start())
        yield m.start(), after, "", "factor dropped"
        yield before, m.end(), "", "factor dropped"
    for m in re.finditer(r"(?<=[(,={\s])-(?=[\w(])", code):
        yield m.start(), m.end(), "", "minus dropped"
    for m in re.finditer(r"(?<![\w.<>-])\d+(?![\w.>])|(?<=[ (]-)\d+(?![\w.>])", code):
        yield m.start(), m.end(), increased(m.group()), "off by one"
    for m in re.finditer(r"\bif (?:constexpr )?\(", code):
        if "constexpr" not in m.group():
            close = matching(code, m.end() - 1)
            begin = max(m.end(), code.rfind("; ", m.end(), close) + 2)
            yield begin, close, "!(" + text[begin:close] + ")", "condition negated"
    for m in re.finditer(r"\.(?:" + "|".join(DROPPED_CALLS) + r")\(\)", code):
        yield m.start(), m.end(), "", m.group()[1:] + " dropped"
    for pair in PARTNERS.get(folder, []) + EVERYWHERE:
        for one, other in (pair, pair[::-1]):
            for m in re.finditer(rf"(?<![\w\"]){re.escape(one)}(?![\w(]|\(\))", code):
                declared = code.startswith(" = ", m.end()) and re.search(r"[\w>][&*]* (?:\*?const )?$", code[:m.start()])
                if not declared:
                    yield m.start(), m.end(), other, f"{one} became {other}"
    for m in re.finditer(GRADIENTS.get(folder, r"(?!)"), code):
        if not re.match(r"\s*(=[^=]|,.*\] =|\.)", code[m.end():m.end() + 20]):
            for how in ("dropped", "negated"):
                yield m.start(), m.end(), f"::fault::{how}({m.group()})", f"gradient of {m.group()} {how}"
    for m in re.finditer(PARAMETERS if folder in GRADIENTS else r"(?!)", code):
        for how in ("dropped", "negated"):
            yield m.start(), m.end(), f"::fault::{how}({m.group()}, {m.group(1)})", f"gradient of {m.group()} {how}"


CONTENTS = ["text", "io"]  # here checks are of what texts and files hold, and get faults like all else
CHECK = r"(?:throw_unless|check(?:_\w+|ed))\("


def generated(include, header):
    text = (include / header).read_text()
    code, folder = masked(text), LIKE.get(header, pathlib.Path(header).parent.name)
    # The error table asks for every check of arguments; memory is poisoned for ASan only, which the programs here are built
    # without; only a big-endian machine swaps bytes; and what is fetched ahead is only there sooner.
    checks = "(?!)" if folder in CONTENTS else CHECK
    left_out = [(m.start(), matching(code, m.end() - 1) + 2)
                for m in re.finditer(rf"(?:\bdetail::)?\b(?:{checks}|(?:un)?poison\(|ASAN_\w+\(|swap_little_endian\()", code)]
    left_out += [(m.start(), m.start() + 1) for m in re.finditer(rf"\bfor \([^{{}}]*?\)\s+{checks}", code)]
    left_out += [m.span() for m in re.finditer(r"^.*\bfetch(?:_to_write)?\(.*$", code, re.M)]
    fields = [(*m.span(), "", "parameter left out")
              for all_of_it in re.finditer(r"\bBPTT_PARAMS\(([^)]*)\)", plain(text))
              for m in re.compile(r"\w+(?:, |(?=\)))").finditer(text, *all_of_it.span())]
    seen, texts = set(), {" ".join(text.split())}
    for begin, end, replacement, kind in [*edits(text, code, folder), *fields]:
        f = fault(header, text, begin, end, replacement, kind)
        if any(a <= begin < b for a, b in left_out):
            continue
        place = (f.line, re.sub(r"==|!=|<=|>=|<|>|condition negated", "comparison", kind),
                 begin if folder in EQUATIONS and kind in EACH else 0)
        if place not in seen and " ".join(f.text.split()) not in texts:
            seen.add(place)
            texts.add(" ".join(f.text.split()))
            yield f
