"""Many faults in one header, so that it is built once: FAULT=n in the environment chooses one when the program runs."""
import dataclasses
import os.path
import re

import generate

DECLARATION = re.compile(r"(?:const |static )*(?!const|static|return|throw|using)[\w:]+(?:<[\w:, ]+>)?"
                         r"(?: |& |\* |\* const | \*const )(?:\w+|\[[\w, ]+\]) = ")
CONSTRUCTION = re.compile(r"const [\w:]+(?:<[\w:, ]+>)? \w+[({](?=[^;{}]*[)}];)")
DESIGNATOR = re.compile(r"\s*\.\w+ = ")
ANOTHER = re.compile(r"\s*(?:\*(?:const )?)?\w+ = ")  # after the comma of a declaration


def brackets(code):
    """The innermost bracket that each place stands in, and the partner of each bracket."""
    stack, around, partner = [-1], [], {}
    for k, c in enumerate(code):
        if c in generate.OPENERS.values() and len(stack) > 1:
            partner[stack.pop()] = k
        around.append(stack[-1])
        if c in generate.OPENERS:
            stack.append(k)
    return around, partner


class Header:
    def __init__(self, text):
        self.text = text
        self.plain = generate.plain(text)
        self.code = generate.masked(text)
        self.around, self.partner = brackets(self.code)

    def statement(self, place):
        """(begin, end) of the smallest whole statement that `place` is in; None: it is in none."""
        block = self.around[place]
        while block >= 0 and not (self.code[block] == "{" and generate.opens_block(self.plain, block)):
            block = self.around[block]
        if block < 0:
            return None
        begin = k = block + 1
        while k < self.partner.get(block, 0):
            c = self.code[k]
            if c in generate.OPENERS and k in self.partner:
                inner, k = k, self.partner[k]
                after = self.code[k + 1:].lstrip()
                ends = c == "{" and not re.match(r"[;,).]|else\b", after) and generate.opens_block(self.plain, inner)
            else:
                ends = c == ";"
            k += 1
            if ends and not re.match(r"else\b", self.code[k:].lstrip()):
                if place < k:
                    return self.with_pragma(self.narrowed(begin, k, place))
                begin = k
        return None

    def narrowed(self, begin, end, place):
        """Without the `if (…)` before what `place` is in, but with all of an if that has an else."""
        while True:
            begin += len(self.code[begin:end]) - len(self.code[begin:end].lstrip())
            head = re.match(r"(?:if (?:constexpr )?|for |while )\(", self.code[begin:end])
            if not head:
                return (begin, end) if place >= begin else None
            close = self.partner[begin + head.end() - 1]
            has_else = head.group().startswith("if") and re.match(r"else\b", self.code[self.after(close + 1):].lstrip())
            if place <= close or has_else:
                constexpr = self.code[begin:end] if has_else else head.group()
                return None if "if constexpr" in constexpr else (begin, end)
            begin = close + 1
            if self.code[begin:].lstrip().startswith("{"):
                return None

    def with_pragma(self, span):
        """A `#pragma` belongs to the loop that it stands before."""
        before = span and re.search(r"#pragma [^\n]*\n\s*$", self.text[:span[0]])
        return (before.start(), span[1]) if before else span

    def after(self, k):
        """Where the block or the simple statement that begins at k ends."""
        k += len(self.code[k:]) - len(self.code[k:].lstrip())
        if self.code[k] == "{":
            return self.partner[k] + 1
        while self.code[k] != ";":
            k = self.partner.get(k, k) + 1
        return k + 1


def combined(header, faults):
    """The header with those of `faults` that one text can hold, as (its text, their numbers in `faults`)."""
    h = Header(header)
    faults = [shortened(header, f) for f in faults]
    spans = {}
    for n, f in enumerate(faults):
        span = h.statement(f.begin)
        if span and f.end <= span[1] and h.code[span[0]:span[1]].strip(" ;\n"):
            spans.setdefault(span, []).append(n)
    held = []

    def render(begin, end):
        """text[begin, end) with the outermost statements inside of it, or it itself, made to choose."""
        out, at = [], begin
        inside = sorted(s for s in spans if begin <= s[0] and s[1] <= end)
        for s in inside:
            if s[0] < at:
                continue
            out += [header[at:s[0]], choice(s)]
            at = s[1]
        return "".join([*out, header[at:end]])

    def choice(span):
        begin, end = span
        ours = spans.pop(span)
        line = header.count("\n", 0, begin) + 1
        here = lambda n: f'\n#line 1 "fault_{n}"\n'
        back = f'\n#line {line} "header"\n'
        own_line = "\n" if header[begin] == "#" else ""
        changed = lambda f, first, last: own_line + header[first:f.begin] + f.replacement + header[f.end:last]
        if values := declared(h.code, begin, end):
            out, at = [], begin
            for first, last in values:
                inside = [n for n in ours if first <= faults[n].begin and faults[n].end <= last]
                held.extend(inside)
                cases = "".join(f"{here(n)}::fault::is({n}) ? ({changed(faults[n], first, last)}) :{back}" for n in inside)
                out += [header[at:first], cases, "(", render(first, last), ")"]
                at = last
            return "".join([*out, header[at:end]])
        as_it_is = render(begin, end)
        if re.match(generate.DECLARATION, h.code[begin:end]) and not h.code[begin:end].startswith("return"):
            return as_it_is
        held.extend(ours)
        cases = "".join(f"{here(n)}if (::fault::is({n})) {{ {changed(faults[n], begin, end)} }} else{back}" for n in ours)
        return "{ " + cases + "{ " + own_line + as_it_is + " } }"

    return render(0, len(header)), held


def shortened(header, f):
    """The same fault, without what it begins and ends with and leaves as it is."""
    old, new = header[f.begin:f.end], f.replacement
    before = len(os.path.commonprefix([old, new]))
    after = len(os.path.commonprefix([old[before:][::-1], new[before:][::-1]]))
    return dataclasses.replace(f, begin=f.begin + before, end=f.end - after, replacement=new[before:len(new) - after])


def declared(code, begin, end):
    """(begin, end) of each value that a declaration gives; none: it is no such declaration."""
    start, construction = DECLARATION.match(code, begin, end), CONSTRUCTION.match(code, begin, end)
    if not start and not construction:
        return []
    values, at, depth = [], (start or construction).end(), 0
    value = lambda: (named.end() if (named := DESIGNATOR.match(code, at)) else at, k)
    for k in range(at, end):
        depth += (code[k] in generate.OPENERS) - (code[k] in generate.OPENERS.values())
        if depth < 0:
            return [*values, value()]
        if depth == 0 and code[k] in ",;":
            values.append(value())
            another = ANOTHER.match(code, k + 1, end)
            if construction:
                at = k + 1
            elif another:
                at = another.end()
            else:
                return values if code[k] == ";" else []
    return []
