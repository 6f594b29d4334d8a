// node fuzz.mjs FOLDER: a parser of HTML sees in every page of hostile texts that write_pages wrote the tree of a harmless one,
// and their JSON and their markup give back what is to be read. FOLDER has node_modules/parse5.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
const { parse } = await import(pathToFileURL(join(folder, "node_modules/parse5/dist/index.js")));

const children = (node) => node.content?.childNodes ?? node.childNodes ?? [];
const text = (node) => (node.nodeName === "#text" ? node.value : children(node).map(text).join(""));
const attribute = (node, name) => node.attrs?.find((one) => one.name === name)?.value;
/// All nodes of a tree for which f is true, in order.
const all = (node, f) => [...(f(node) ? [node] : []), ...children(node).flatMap((child) => all(child, f))];
const named = (node, name) => all(node, (one) => one.nodeName === name);

/// A tree without its texts: of what a label says, and of data, only that they are there.
function shape(node) {
  const attributes = (node.attrs ?? []).map(({ name, value }) => `${name}=${name === "aria-label" ? "" : value}`);
  const inner = children(node).filter((child) => child.nodeName !== "#text").map(shape);
  return `${node.nodeName}[${attributes.join(" ")}](${inner.join("")})`;
}

/// Parses strictly: an error of the parser is one of the page.
function read(name) {
  const errors = [];
  const tree = parse(readFileSync(join(folder, name), "utf8"), { onParseError: ({ code }) => errors.push(code) });
  assert.deepEqual(errors, [], name);
  return tree;
}

/// What a section's texts are, as NAME.txt has them.
function texts(tree, section, kind) {
  if (kind === "picture") return [text(named(section, "figcaption")[0]).replace(/^caption /, "")];
  if (kind === "sample") return text(named(section, "pre")[0]).split("\n");
  if (kind === "table") return all(section, ({ nodeName }) => nodeName === "th" || nodeName === "td").map(text);
  const id = attribute(section, "id");
  const block = (suffix) => text(named(tree, "script").find((node) => attribute(node, "id") === `${id}-${suffix}`));
  const { symbols, text: places, signals, scores } = JSON.parse(block("data"));
  const likely = Buffer.from(block("foreseen").slice(0, 36), "base64").readUIntLE(0, 3);
  return [signals[0].name, scores[0].property, symbols[likely], places.map((k) => symbols[k]).join("")];
}

let count = 0;
for (const file of readdirSync(folder).filter((name) => /^[^.]+\.txt$/.test(name))) {
  const name = file.slice(0, -4);
  const tree = read(`${name}.html`);
  assert.equal(shape(tree), shape(read(`${name}.harmless.html`)), name);
  const lines = readFileSync(join(folder, file), "utf8").split("\n").slice(0, -1);
  const [[, title], ...sections] = lines.map((line) => line.split("\t"));
  assert.equal(text(named(tree, "title")[0]), title);
  assert.equal(text(named(tree, "h1")[0]), title);
  const found = named(tree, "section");
  assert.equal(found.length, sections.length);
  for (const [k, [kind, heading, ...expected]] of sections.entries()) {
    assert.equal(text(named(found[k], "h2")[0]), heading);
    assert.equal(text(named(tree, "a")[k]), heading);
    for (const box of all(found[k], (node) => attribute(node, "role") === "region"))
      assert.equal(attribute(box, "aria-label"), heading);
    assert.deepEqual(texts(tree, found[k], kind), expected, `${name}, ${heading}`);
    count += expected.length + 1;
  }
}
assert(count > 5000); // of texts, of which a view of a text joins twelve
console.log(`${count} texts are on their pages as they should be`);
