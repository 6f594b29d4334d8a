// A model that `char_lm export` has written, run by ONNX Runtime.
import * as ort from "./node_modules/onnxruntime-web/dist/ort.wasm.min.mjs";

ort.env.wasm.numThreads = 1; // more would need a server that isolates the page from others

/// The metadata of an ONNX file, which ONNX Runtime does not show: field 14 of a ModelProto, with the key in field 1 and the
/// value in field 2.
function metadataOf(bytes) {
  const metadata = {};
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 !== 14) {
      reader.skipType(tag & 7);
      continue;
    }
    const end = reader.uint32() + reader.pos;
    const pair = {};
    while (reader.pos < end) pair[reader.uint32() >>> 3] = reader.string();
    metadata[pair[1]] = pair[2];
  }
  return metadata;
}

export class Model {
  static async load(url) {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const metadata = metadataOf(bytes);
    if (metadata.program !== "char_lm") throw new Error(`${url} is not a model that char_lm has exported`);
    return new Model(await ort.InferenceSession.create(bytes), metadata);
  }

  constructor(session, metadata) {
    this.session = session;
    this.metadata = metadata;
    this.symbols = JSON.parse(metadata.vocabulary).map((bytes) => Uint8Array.from(bytes)); // of each token, none of <unk>
    this.tokens = new Map(this.symbols.map((bytes, token) => [String(bytes), token]));
  }

  /// The tokens of a text after a new line, or the first token where there is neither, as `char_lm sample` has it.
  encode(text) {
    const begin = this.tokens.has("10") ? [this.tokens.get("10")] : [];
    const tokens = Array.from(text).flatMap((character) => {
      const bytes = new TextEncoder().encode(character);
      if (this.tokens.has(String(bytes))) return [this.tokens.get(String(bytes))];
      const tokens = Array.from(bytes, (byte) => this.tokens.get(String(byte)));
      if (tokens.includes(undefined)) throw new Error(`The model does not know “${character}”: its text had none.`);
      return tokens;
    });
    return begin.length + tokens.length > 0 ? [...begin, ...tokens] : [0];
  }

  zeroState() {
    const units = Number(this.metadata.units);
    const names = this.session.inputNames.filter((name) => name !== "tokens");
    return Object.fromEntries(names.map((name) => [name, new ort.Tensor("float32", new Float32Array(units), [1, 1, units])]));
  }

  /// Reads tokens, one a step, from a state on: the logits of the token after the last one, and the state then.
  async step(tokens, state) {
    const ids = new ort.Tensor("int64", BigInt64Array.from(tokens, BigInt), [tokens.length, 1]);
    const outputs = await this.session.run({ tokens: ids, ...state });
    const next = Object.fromEntries(Object.keys(state).map((name) => [name, outputs[`${name}_out`]]));
    const logits = outputs.logits.data.subarray(-this.symbols.length);
    return { logits: logits.map((x, token) => (this.symbols[token].length > 0 ? x : -Infinity)), state: next };
  }

  /// What it makes of a start: token by token, without an end.
  async *write(start, choose) {
    let read = await this.step(this.encode(start), this.zeroState());
    for (;;) {
      const token = choose(read.logits);
      yield this.symbols[token];
      read = await this.step([token], read.state);
    }
  }
}

/// A token with probability softmax(logits / temperature); at temperature 0 the likeliest, the first one of several.
export function sample(logits, temperature) {
  const most = Math.max(...logits);
  if (temperature === 0) return logits.indexOf(most);
  const weights = Array.from(logits, (x) => Math.exp((x - most) / temperature));
  let left = Math.random() * weights.reduce((a, b) => a + b);
  const token = weights.findIndex((weight) => (left -= weight) < 0);
  return token < 0 ? weights.lastIndexOf(Math.max(...weights)) : token; // rounding may leave a little
}
