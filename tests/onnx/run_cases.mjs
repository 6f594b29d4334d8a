// node run_cases.mjs FOLDER: ONNX Runtime computes what write_cases wrote into the folder, whole and step by step. The folder
// also holds node_modules/onnxruntime-web.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const folder = resolve(process.argv[2]);
const ort = createRequire(`${folder}/`)("onnxruntime-web");
const cases = JSON.parse(readFileSync(`${folder}/cases.json`));
let compared = 0;
let wrong = 0;

const arrays = { float32: Float32Array, int32: Int32Array, int64: BigInt64Array };
function tensor({ type, dims, data }) {
  const numbers = type === "int64" ? data.map(BigInt) : data;
  return new ort.Tensor(type, arrays[type].from(numbers), dims);
}
const everything = (inputs) => Object.fromEntries(Object.entries(inputs).map(([name, t]) => [name, tensor(t)]));

function compare(where, expected, actual) {
  if (expected.dims.join() !== actual.dims.join()) {
    wrong++;
    console.error(`${where}: the shape is ${actual.dims}, not ${expected.dims}`);
    return;
  }
  let worst = 0;
  expected.data.forEach((x, k) => {
    if (x === null) return;
    const error = Math.abs(actual.data[k] - x) / Math.max(1, Math.abs(x));
    worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
  });
  compared++;
  if (worst <= 1e-5) return;
  wrong++;
  console.error(`${where}: differs by ${worst}`);
}
function compareAll(where, expected, actual) {
  const names = (values) => Object.keys(values).sort().join();
  if (names(expected) !== names(actual)) throw new Error(`${where}: the outputs are ${names(actual)}, not ${names(expected)}`);
  for (const name of Object.keys(expected)) compare(`${where}: ${name}`, expected[name], actual[name]);
}

/// Step t alone of a tensor whose first dimension is time.
function step({ type, dims, data }, t) {
  const size = data.length / dims[0];
  return { type, dims: [1, ...dims.slice(1)], data: data.slice(t * size, (t + 1) * size) };
}
async function runStepwise(session, { inputs, outputs }, where) {
  const overTime = (name) => !(`${name}_out` in outputs);
  const steps = Object.entries(inputs).find(([name]) => overTime(name))[1].dims[0];
  const feeds = everything(inputs);
  for (let t = 0; t < steps; t++) {
    for (const name in inputs) if (overTime(name)) feeds[name] = tensor(step(inputs[name], t));
    const results = await session.run(feeds);
    for (const name in inputs) if (!overTime(name)) feeds[name] = results[`${name}_out`];
    for (const name in outputs) {
      if (!name.endsWith("_out")) compare(`${where}, step ${t}: ${name}`, step(outputs[name], t), results[name]);
      else if (t === steps - 1) compare(`${where}, after all steps: ${name}`, outputs[name], results[name]);
    }
  }
}

/// A token that the vocabulary does not have is an error, not zeros.
async function refusesForeignToken(session, { inputs }, where) {
  const foreign = { ...inputs.tokens, data: inputs.tokens.data.map(() => 7) };
  try {
    await session.run(everything({ ...inputs, tokens: foreign }), { logSeverityLevel: 4 });
  } catch (error) {
    if (/out of bounds|out of data bounds/.test(error.message)) return;
    throw error;
  }
  wrong++;
  console.error(`${where}: token 7 of 0..6 was taken`);
}

for (const { file, stepwise, runs } of cases) {
  const session = await ort.InferenceSession.create(readFileSync(`${folder}/${file}`));
  for (const [k, run] of runs.entries()) {
    compareAll(`${file}, run ${k}`, run.outputs, await session.run(everything(run.inputs)));
    if ("tokens" in run.inputs) await refusesForeignToken(session, run, `${file}, run ${k}`);
    if (stepwise) await runStepwise(session, run, `${file}, run ${k}`);
  }
  await session.release();
}
console.log(`${cases.length} models, ${compared} outputs compared, ${wrong} wrong`);
if (wrong > 0 || compared < 300) process.exit(1);
