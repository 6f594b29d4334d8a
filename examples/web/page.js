import { Model, sample } from "./model.js";

const element = (id) => document.getElementById(id);
const show = (text) => (element("status").textContent = text);
let model;
let stopped = false;

/// The temperature is read anew for each character, so that it may be changed meanwhile.
async function write(start, length) {
  const text = element("text");
  const written = document.createTextNode("");
  const shownStart = Object.assign(document.createElement("span"), { className: "start", textContent: start });
  const decoder = new TextDecoder(); // keeps the bytes of a character until it is complete
  text.replaceChildren(shownStart, written);
  let painted = performance.now();
  let count = 0;
  for await (const bytes of model.write(start, (logits) => sample(logits, element("temperature").valueAsNumber))) {
    const atEnd = text.scrollHeight - text.scrollTop - text.clientHeight < 40;
    written.data += decoder.decode(bytes, { stream: true });
    if (atEnd) text.scrollTop = text.scrollHeight;
    if (++count === length || stopped) break;
    if (performance.now() - painted < 16) continue;
    await new Promise((resolve) => setTimeout(resolve)); // lets the browser paint, and the buttons work
    painted = performance.now();
  }
  show(`${count} characters${stopped ? ", stopped" : ""}`);
}

element("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  stopped = false;
  element("write").disabled = true;
  element("stop").disabled = false;
  element("stop").focus();
  show("writing …");
  try {
    await write(element("start").value, element("length").valueAsNumber);
  } catch (error) {
    show(error.message);
  }
  element("write").disabled = false;
  element("write").focus();
  element("stop").disabled = true;
});
element("stop").addEventListener("click", () => (stopped = true));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") stopped = true;
  if (event.key === "Enter" && event.ctrlKey) element("form").requestSubmit(element("write"));
});
element("temperature").addEventListener("input", () => {
  element("temperature-value").textContent = element("temperature").value;
});

try {
  model = await Model.load("model.onnx");
  const { cell, layers, units } = model.metadata;
  element("model").textContent = `${cell}, ${layers} × ${units} units, ${model.symbols.filter((bytes) => bytes.length > 0).length} different characters. Ctrl-Enter writes, Escape stops.`;
  element("write").disabled = false;
} catch (error) {
  element("model").textContent = `The model could not be loaded: ${error.message}`;
}
