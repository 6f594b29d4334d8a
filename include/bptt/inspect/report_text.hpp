#pragma once

namespace bptt::detail {

/// The part of a report's script that shows a text. Symbols are spans in pieces of lines, made and coloured when they come near
/// to what is seen, so that a long text is there at once and all of it need not be painted for each unit.
inline constexpr char report_text[] = R"js(
const element = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};
/// The last place in an ascending list whose number is at most x.
const lastUpTo = (list, x) => {
  let low = 0;
  for (let high = list.length; high - low > 1; ) {
    const middle = (low + high) >> 1;
    if (list[middle] <= x) low = middle;
    else high = middle;
  }
  return low;
};

/// Of values −127..127.
const colours = Array.from({ length: 255 }, (_, k) => {
  const part = (k - 127) / 127;
  return `rgb(var(--${part < 0 ? "minus" : "plus"}) / ${Math.abs(part).toFixed(3)})`;
});

class Text {
  constructor(box, { symbols, text, ends, apart, words }) {
    Object.assign(this, { box, symbols, text });
    this.ends = new Set(ends);
    this.joint = words ? " " : "";
    this.marks = new Uint8Array(text.length); // 1: found; 2: found, and the one that is looked at
    this.version = 0; // of all colours and marks: a piece remembers which it shows
    this.near = new Set();
    box.classList.toggle("apart", apart);
    this.layOut();
  }

  layOut() {
    this.starts = []; // of each symbol, in all that is shown
    this.lines = [0]; // the first symbol of each
    this.pieces = [];
    const shown = [];
    let line = element("div", { className: "line" });
    let [length, first] = [0, 0];
    this.text.forEach((id, k) => {
      this.starts.push(length);
      shown.push(this.symbols[id] + this.joint);
      length += shown[k].length;
      const next = k + 1;
      const ends = this.ends.has(id) || next === this.text.length;
      if (!ends && next - first < 64) return;
      const piece = element("span", { textContent: shown.slice(first, next).join("") });
      this.pieces.push(Object.assign(piece, { first, next }));
      first = next;
      line.append(piece);
      if (!ends) return;
      this.box.append(line);
      line = element("div", { className: "line" });
      if (next < this.text.length) this.lines.push(next);
    });
    this.firsts = this.pieces.map((piece) => piece.first);
    this.joined = shown.join("");
  }

  /// The spans of a piece, one for each symbol.
  cells(piece) {
    if (!piece.firstElementChild) {
      const ids = this.text.slice(piece.first, piece.next);
      const span = (id) => element("span", { textContent: this.symbols[id], className: this.ends.has(id) ? "end" : "" });
      piece.replaceChildren(...ids.flatMap((id) => (this.joint ? [span(id), this.joint] : [span(id)])));
    }
    return piece.children;
  }

  cell(k) {
    const piece = this.pieces[lastUpTo(this.firsts, k)];
    return this.cells(piece)[k - piece.first];
  }

  /// Of the symbol that a span shows; undefined where it is no symbol's.
  position(span) {
    const piece = span.parentNode;
    if (piece.first !== undefined) return piece.first + Array.prototype.indexOf.call(piece.children, span);
  }

  /// The symbol below (step is 1) or above (-1) as lines are broken on the screen.
  beside(k, step) {
    const start = this.cell(k).getBoundingClientRect();
    let nearest = k;
    let row = null; // the next one's top
    let least = Infinity;
    for (let other = k + step; other >= 0 && other < this.text.length; other += step) {
      const { left, top } = this.cell(other).getBoundingClientRect();
      if (row === null && Math.abs(top - start.top) < start.height / 2) continue;
      row ??= top;
      if (Math.abs(top - row) > start.height / 2) break;
      if (Math.abs(left - start.left) < least) [nearest, least] = [other, Math.abs(left - start.left)];
    }
    return nearest;
  }

  /// Scrolls the text, not the page.
  reveal(k) {
    const [cell, box] = [this.cell(k), this.box].map((shown) => shown.getBoundingClientRect());
    if (cell.top >= box.top && cell.bottom <= box.bottom) return;
    this.box.scrollTop += (cell.top + cell.bottom - box.top - box.bottom) / 2;
  }

  watch() {
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          this.near[isIntersecting ? "add" : "delete"](target);
          if (isIntersecting) this.paint(target);
        }
      },
      { root: this.box, rootMargin: "50%" },
    );
    for (const piece of this.pieces) watcher.observe(piece);
  }

  /// Bytes of ±127 for each symbol; 127 stands for 1.
  colour(row) {
    this.row = row;
    this.repaint();
  }

  /// Marks pairs of a first and a last symbol, one of them as the one that is looked at.
  mark(found, which) {
    this.marks.fill(0);
    found.forEach(([first, last], k) => this.marks.fill(k === which ? 2 : 1, first, last + 1));
    this.repaint();
  }

  repaint() {
    this.version += 1;
    for (const piece of this.near) this.paint(piece);
  }

  paint(piece) {
    if (piece.version === this.version) return;
    piece.version = this.version;
    const cells = this.cells(piece);
    for (let k = piece.first; k < piece.next; ++k) {
      const cell = cells[k - piece.first];
      cell.style.backgroundColor = colours[this.row[k] + 127];
      cell.classList.toggle("match", this.marks[k] > 0);
      cell.classList.toggle("found", this.marks[k] > 1);
    }
  }
}
)js";

}  // namespace bptt::detail
