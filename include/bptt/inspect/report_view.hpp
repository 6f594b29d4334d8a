#pragma once

namespace bptt::detail {

/// What stands in a report's view of a text.
inline constexpr char report_view[] = R"html(<template>
<div class="side">
<div class="controls">
<label>Signal<select class="signal"></select></label>
<button class="before" aria-label="Unit before">←</button>
<label>Unit<input class="unit" type="number" min="0"></label>
<button class="after" aria-label="Unit after">→</button>
<label>Colours<select class="palette">
<option value="">red −, blue +</option>
<option value="orange">orange −, blue + (colour-blind safe)</option>
</select></label>
<label>Find<input class="query mono" type="search" spellcheck="false" autocomplete="off"></label>
<button class="back" aria-label="Found before">↑</button>
<button class="on" aria-label="Found next">↓</button>
<output class="count quiet"></output>
<div class="legend quiet"><span>−1</span><span class="ramp"></span><span>+1</span><span class="scale"></span></div>
</div>
<div class="scores box" tabindex="0" role="group" aria-label="Units that follow a property of the text"></div>
<div class="details box">
<p><span class="symbol mono"></span> <span class="place quiet"></span></p>
<div><h3 class="chosen"></h3><ol class="layer"></ol></div>
<div class="foresight"><h3>Likeliest next</h3><ol class="next"></ol><p class="came quiet"></p></div>
</div>
<p class="status unseen" role="status"></p>
</div>
<div class="text box" tabindex="0" role="application"></div>
</template>
)html";

/// The part of a report's script that chooses what the text shows, and tells about a symbol.
inline constexpr char report_script[] = R"js(
const signed = (x) => (x < 0 ? "−" : "+") + Math.abs(x).toFixed(2);
/// A picture may have any ids: none of its elements is meant.
const dataOf = (id) => document.querySelector(`body > script[id="${id}"]`).textContent;
/// A symbol by itself, where a space would not be seen.
const alone = (symbol) => (symbol === " " ? "␣" : symbol);
const bytes = (base64) => {
  const characters = atob(base64);
  const all = new Uint8Array(characters.length);
  for (let k = 0; k < all.length; ++k) all[k] = characters.charCodeAt(k);
  return all;
};
/// A line of a list: a bar from 0 to x in from..1 between a name and a number.
const barred = (name, x, from, shown, colour, chosen) => {
  const part = (length) => `${(100 * length) / (1 - from)}%`;
  const bar = element("i", { className: colour });
  bar.style.left = part(Math.min(x, 0) - from);
  bar.style.width = part(Math.abs(x));
  const whole = element("div", { className: "bar" }, bar);
  const line = element("li", {}, element("span", { textContent: name }), whole, element("span", { textContent: shown }));
  line.classList.toggle("chosen", chosen);
  return line;
};

class View {
  constructor(section) {
    Object.assign(this, { section, data: JSON.parse(dataOf(`${section.id}-data`)) });
    section.append(document.querySelector("body > template").content.cloneNode(true));
    this.text = new Text(this.part("text"), this.data);
    this.found = [];
    this.at = 0;
    this.part("signal").append(...this.data.signals.map(({ name }, k) => element("option", { value: k, textContent: name })));
    for (const { property, shuffled, best } of this.data.scores) {
      const said = best.length > 0 ? ` shuffled ${shuffled.toFixed(2)}` : " does not change";
      const chance = element("small", { textContent: said });
      this.part("scores").append(element("h3", {}, property, chance), ...best.map((score) => this.scoreButton(score)));
    }
  }

  part(name) {
    return this.section.querySelector(`.${name}`);
  }

  scoreButton({ signal, unit, chosen, held }) {
    const button = element("button", { signal, unit, onclick: () => this.choose(signal, unit) });
    const shown = [`${this.data.signals[signal].name} / ${unit}`, signed(held)];
    button.append(...shown.map((textContent) => element("span", { textContent })));
    button.append(element("small", { textContent: `chosen ${signed(chosen)}` }));
    return button;
  }

  /// Once all of the page is there.
  start() {
    const { signal, unit } = this.data.scores.flatMap(({ best }) => best)[0] ?? { signal: 0, unit: 0 };
    this.part("foresight").hidden = !this.data.foreseen;
    this.choose(signal, unit);
    this.text.watch();
    this.listen();
  }

  listen() {
    const on = (name, event, f) => this.part(name).addEventListener(event, f);
    const step = (by) => this.choose(this.signal, this.unit + by);
    on("signal", "change", ({ target }) => this.choose(Number(target.value), this.unit));
    on("unit", "change", ({ target }) => this.choose(this.signal, target.valueAsNumber));
    on("unit", "keydown", (event) => {
      const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      step(by);
    });
    on("before", "click", () => step(-1));
    on("after", "click", () => step(1));
    on("palette", "change", ({ target }) => this.section.classList.toggle("orange", target.value === "orange"));
    on("query", "input", () => this.search());
    on("query", "keydown", ({ key, shiftKey }) => key === "Enter" && this.turn(shiftKey ? -1 : 1));
    on("back", "click", () => this.turn(-1));
    on("on", "click", () => this.turn(1));
    on("text", "keydown", (event) => this.move(event));
    for (const event of ["mouseover", "click"])
      on("text", event, ({ target, type }) => {
        const k = this.text.position(target);
        if (k === undefined) return;
        if (type === "click") this.setCursor(k);
        this.show(k);
      });
    on("text", "mouseleave", () => this.show(this.at));
  }

  /// The bytes of a unit: what is decoded are these alone, of all its signal's.
  values(signal, unit) {
    const of = this.data.signals[signal];
    of.values ??= dataOf(`${this.section.id}-${signal}`);
    const length = 4 * Math.ceil(this.data.text.length / 3);
    return new Int8Array(bytes(of.values.slice(unit * length, (unit + 1) * length)).buffer);
  }

  choose(signal, unit) {
    const { name, tanh, units } = this.data.signals[signal];
    this.signal = signal;
    this.unit = Math.min(Math.max(Math.trunc(unit) || 0, 0), units - 1);
    const layer = (of) => of.slice(0, of.lastIndexOf(".") + 1);
    this.layer = this.data.signals
      .map((other, k) => ({ ...other, k }))
      .filter((other) => layer(other.name) === layer(name) && this.unit < other.units)
      .map((other) => ({ ...other, row: this.values(other.k, this.unit) }));
    this.chosen = this.layer.find(({ k }) => k === signal);
    this.text.colour(this.chosen.row);
    this.part("signal").value = signal;
    this.part("unit").max = units - 1;
    this.part("unit").value = this.unit;
    this.part("scale").textContent = tanh ? `tanh of ${name}` : "";
    for (const button of this.section.querySelectorAll(".scores button"))
      button.ariaPressed = button.signal === signal && button.unit === this.unit;
    this.part("text").ariaLabel = `Text, coloured by ${name} / ${this.unit}; the arrow keys, Home and End go through it`;
    this.show(this.at);
  }

  /// All about a symbol.
  show(k) {
    const { symbols, text, foreseen } = this.data;
    const line = lastUpTo(this.text.lines, k);
    this.part("symbol").textContent = alone(symbols[text[k]]);
    this.part("place").textContent = `position ${k}, line ${line + 1}, column ${k - this.text.lines[line] + 1}`;
    this.part("chosen").textContent = `Unit ${this.unit}`;
    const values = this.layer.map(({ name, row, tanh, k: signal }) => {
      const part = row[k] / 127;
      return barred(tanh ? `tanh ${name}` : name, part, -1, signed(part), part < 0 ? "minus" : "plus", signal === this.signal);
    });
    this.part("layer").replaceChildren(...values);
    if (!foreseen) return;
    const next = k + 1 < text.length ? text[k + 1] : undefined;
    const likeliest = this.foreseen(k);
    const lines = likeliest.map(({ id, p }) => barred(alone(symbols[id]), p, 0, `${(100 * p).toFixed(1)} %`, "", id === next));
    this.part("next").replaceChildren(...lines);
    const mark = likeliest.some(({ id }) => id === next) ? "✓" : "✗";
    this.part("came").textContent = next === undefined ? "the text ends" : `${mark} then comes ${alone(symbols[next])}`;
  }

  /// Five times three bytes of a symbol's place, or of 2²⁴ − 1 for none, and two of a probability.
  foreseen(k) {
    this.likeliest ??= dataOf(`${this.section.id}-foreseen`);
    const row = bytes(this.likeliest.slice(36 * k, 36 * (k + 1)));
    return [0, 5, 10, 15, 20]
      .map((at) => ({ id: row[at] | (row[at + 1] << 8) | (row[at + 2] << 16), p: (row[at + 3] | (row[at + 4] << 8)) / 65535 }))
      .filter(({ id }) => id < 2 ** 24 - 1);
  }

  setCursor(k) {
    this.text.cell(this.at).removeAttribute("aria-current");
    this.at = k;
    this.text.cell(k).setAttribute("aria-current", "true");
  }

  /// The cursor goes to a symbol, which is shown and said.
  goTo(k) {
    this.setCursor(k);
    this.text.reveal(k);
    this.show(k);
    const { name, row, tanh } = this.chosen;
    this.part("status").textContent = `${this.part("symbol").textContent}, ${tanh ? "tanh " : ""}${name} ${signed(row[k] / 127)}`;
  }

  move(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { lines } = this.text;
    const last = this.data.text.length - 1;
    const line = lastUpTo(lines, this.at);
    const places = {
      ArrowLeft: () => Math.max(this.at - 1, 0),
      ArrowRight: () => Math.min(this.at + 1, last),
      ArrowUp: () => this.text.beside(this.at, -1),
      ArrowDown: () => this.text.beside(this.at, 1),
      Home: () => lines[line],
      End: () => (lines[line + 1] ?? last + 1) - 1,
    };
    if (!(event.key in places)) return;
    event.preventDefault();
    this.goTo(places[event.key]());
  }

  search() {
    const sought = this.part("query").value;
    const { joined, starts } = this.text;
    const pattern = new RegExp(sought.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "giu"); // in small letters or capitals
    const found = sought ? [...joined.matchAll(pattern)] : [];
    this.found = found.map(({ index, 0: all }) => [index, index + all.length - 1].map((at) => lastUpTo(starts, at)));
    this.turn(0);
  }

  /// To another of what is found.
  turn(by) {
    const count = this.found.length;
    this.which = by === 0 ? 0 : (this.which + by + count) % count;
    this.text.mark(this.found, this.which);
    const none = this.part("query").value ? "not found" : "";
    this.part("count").textContent = count ? `${this.which + 1} of ${count}` : none;
    if (!count) return;
    this.setCursor(this.found[this.which][0]);
    this.text.reveal(this.at);
    this.show(this.at);
  }
}

const views = [...document.querySelectorAll("main > .view")].map((section) => new View(section));
addEventListener("DOMContentLoaded", () => views.forEach((view) => view.start()));
)js";

}  // namespace bptt::detail
