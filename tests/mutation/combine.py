"""Many faults in one header, so that it is built once: FAULT=n in the environment chooses one when the program runs."""
import re

import generate

DECLARATION = re.compile(r"(?:const |static )*(?:auto|Index|double|bool|int|T|std::size_t)(?: |& )(?:\w+|\[[\w, ]+\]) = ")


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
            if ends:
                if place < k:
                    return self.narrowed(begin, k, place)
                begin = k
        return None

    def narrowed(self, begin, end, place):
        """Without the `if (…)` before what `place` is in."""
        while True:
            begin += len(self.code[begin:end]) - len(self.code[begin:end].lstrip())
            head = re.match(r"(?:if (?:constexpr )?|for |while )\(", self.code[begin:end])
            if not head:
                break
            close = self.partner[begin + head.end() - 1]
            if place <= close:
                return None if "constexpr" in head.group() or self.code[end:].lstrip().startswith("else") else (begin, end)
            begin = close + 1
            if self.code[begin:].lstrip().startswith("{"):
                return None
            if re.search(r"\belse\b", self.code[begin:end]):
                return None
        return (begin, end) if place >= begin else None


def combined(header, faults):
    """The header with those of `faults` that one text can hold, as (its text, their numbers in `faults`)."""
    h = Header(header)
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
        as_it_is = render(begin, end)
        line = header.count("\n", 0, begin) + 1
        here = lambda n: f'\n#line 1 "fault_{n}"\n'
        back = f'\n#line {line} "header"\n'
        change = lambda f: header[begin:f.begin] + f.replacement + header[f.end:end]
        declaration = DECLARATION.match(h.code, begin, end)
        if declaration:
            start = declaration.end() - begin
            ours = [n for n in ours if change(faults[n]).startswith(as_it_is[:start])]
            if top_level_comma(h.code[declaration.end():end]):
                return as_it_is
            held.extend(ours)
            cases = "".join(f"{here(n)}::fault::is({n}) ? ({change(faults[n])[start:].rstrip(' ;')}) :{back}" for n in ours)
            return as_it_is[:start] + cases + "(" + as_it_is[start:].rstrip("; ") + ");"
        if re.match(generate.DECLARATION, h.code[begin:end]) and not h.code[begin:end].startswith("return"):
            return as_it_is
        held.extend(ours)
        cases = "".join(f"{here(n)}if (::fault::is({n})) {{ {change(faults[n])} }} else{back}" for n in ours)
        return "{ " + cases + "{ " + as_it_is + " } }"

    return render(0, len(header)), held


def top_level_comma(code):
    depth = 0
    for c in code:
        depth += (c in generate.OPENERS) - (c in generate.OPENERS.values())
        if c == "," and depth == 0:
            return True
    return False
