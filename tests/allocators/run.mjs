// Takes memory from modules and prints how many pages each has after each step:
// node run.mjs [--support GO_SUPPORT] < JOBS, where JOBS is [{file, sizes: [SIZE, ...], names: {take, give, start}}] as JSON;
// `names` are those of its exports where a tool shortened them.
// A negative size gives back the block that the step of that number (from 1) took. Each block is filled, so that blocks that
// overlap are seen: "kept" tells whether samples of every block still had its bytes at the end.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const PAGE = 65536;
const STEP_96_MIB = 96 * 1024 * 1024;

const roundUp = (value, multiple) => Math.ceil(value / multiple) * multiple;

// What Emscripten's JavaScript does by default (libcore.js, emscripten_resize_heap): 20 % more than there is, at most 96 MiB
// more than was asked for; smaller steps when that is refused.
function resizeHeap(memory, wanted, limit) {
  const old = memory.buffer.byteLength;
  if (wanted > limit) return 0;
  for (let cut = 1; cut <= 4; cut *= 2) {
    const over = Math.min(old * (1 + 0.2 / cut), wanted + STEP_96_MIB);
    const size = Math.min(limit, roundUp(Math.max(wanted, over), PAGE));
    try {
      memory.grow((size - old + PAGE - 1) >>> 16);
      return 1;
    } catch {
      // the next turn asks for less
    }
  }
  return 0;
}

// Every import is a function here. The names of Emscripten's may be shortened to a letter, so the one that grows memory is
// known by what it does: it is called with a size above the memory's.
function importsOf(module, state) {
  const imports = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== 'function') throw new Error(`${from}.${name} is a ${kind}`);
    imports[from] ??= {};
    imports[from][name] = (...values) => {
      const wanted = values[0] >>> 0;
      const bytes = state.memory?.buffer.byteLength;
      if (/^emscripten_resize_heap$|^.$/.test(name) && values.length === 1 && wanted > bytes && state.limit > bytes) return resizeHeap(state.memory, wanted, state.limit);
      return 0;
    };
  }
  return imports;
}

// The maximum of a module's own memory: Node does not tell, so the memory section is read here.
function maximumBytes(bytes) {
  let at = 8;
  const number = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < bytes.length) {
    const id = bytes[at++];
    const size = number();
    const end = at + size;
    if (id === 5 && number() > 0) {
      const flags = number();
      number();
      return flags & 1 ? number() * PAGE : 65536 * PAGE;
    }
    at = end;
  }
  return 65536 * PAGE;
}

async function startGo(file, support) {
  await import(pathToFileURL(path.resolve(support)));
  const go = new globalThis.Go();
  const { instance } = await WebAssembly.instantiate(readFileSync(file), go.importObject);
  go.run(instance);
  const { take } = globalThis;
  // A Go function that is called from outside runs on the next turn; the number it gives is not an address.
  return { memory: instance.exports.mem, take: (size) => take(size), give: undefined };
}

function start(file, names) {
  const bytes = readFileSync(file);
  const module = new WebAssembly.Module(bytes);
  const state = { limit: maximumBytes(bytes) };
  const { exports } = new WebAssembly.Instance(module, importsOf(module, state));
  state.memory = Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  (exports._initialize ?? exports.__wasm_call_ctors ?? exports[names.start])?.();
  return { memory: state.memory, take: exports[names.take], give: exports[names.give] };
}

const mark = (step) => (step % 255) + 1;

function isKept(memory, { address, size, mark: wanted }) {
  const bytes = new Uint8Array(memory.buffer, address, size);
  for (let at = 0; at < size; at += 1021) {
    if (bytes[at] !== wanted) return false;
  }
  return size === 0 || bytes[size - 1] === wanted;
}

async function run({ file, sizes, names = { take: 'take', give: 'give' } }, support) {
  const isGo = WebAssembly.Module.imports(new WebAssembly.Module(readFileSync(file))).some(({ module }) => module === 'go');
  if (isGo && !support) return { skipped: 'needs --support' };
  const { memory, take, give } = isGo ? await startGo(file, support) : start(file, names);
  const pages = () => memory.buffer.byteLength / PAGE;
  const result = { before: pages(), pages: [], blocks: [] };
  const blocks = new Map();
  sizes.forEach((size, index) => {
    if (size < 0) {
      const block = blocks.get(-size);
      blocks.delete(-size);
      give(block.address, block.size);
    } else {
      const address = take(size) >>> 0;
      if (!isGo && address !== 0) {
        new Uint8Array(memory.buffer, address, size).fill(mark(index));
        blocks.set(index + 1, { address, size, mark: mark(index) });
      }
      result.blocks.push(address);
    }
    result.pages.push(pages());
  });
  result.kept = [...blocks.values()].every((block) => isKept(memory, block));
  return result;
}

const support = process.argv[2] === '--support' ? process.argv[3] : undefined;
const results = [];
for (const job of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    results.push({ file: job.file, ...(await run(job, support)) });
  } catch (error) {
    results.push({ file: job.file, skipped: String(error) });
  }
}
process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0)); // Go's program never ends by itself
