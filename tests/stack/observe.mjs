// Runs WASI programs and tells how deep their stack got: node observe.mjs < JOBS, where JOBS is [{file, top}] as JSON and
// `top` is where the stack pointer starts, with nothing else below it. Prints [{observed}] or [{error}] in the same order.
// The stack is painted before the start; what is no longer painted afterwards was written.
import { readFileSync } from 'node:fs';

const PAINT = 0xc5;
const EBADF = 8;

class Exit extends Error {}

// No more of WASI than the programs need; what is missing answers 0 and writes nothing.
function wasi(state) {
  const view = () => new DataView(state.memory.buffer);
  return {
    proc_exit: () => { throw new Exit(); },
    fd_prestat_get: () => EBADF,
    fd_write: (_fd, vectors, count, written) => {
      let bytes = 0;
      for (let i = 0; i < count; ++i) bytes += view().getUint32(vectors + 8 * i + 4, true);
      view().setUint32(written, bytes, true);
      return 0;
    },
    args_sizes_get: (count, bytes) => { view().setUint32(count, 0, true); view().setUint32(bytes, 0, true); return 0; },
    environ_sizes_get: (count, bytes) => { view().setUint32(count, 0, true); view().setUint32(bytes, 0, true); return 0; },
  };
}

function observe({ file, top }) {
  const module = new WebAssembly.Module(readFileSync(file));
  const state = {};
  const known = wasi(state);
  const imports = {};
  for (const { module: from, name } of WebAssembly.Module.imports(module)) (imports[from] ??= {})[name] = known[name] ?? (() => 0);
  const { exports } = new WebAssembly.Instance(module, imports);
  state.memory = exports.memory;
  new Uint8Array(exports.memory.buffer, 0, top).fill(PAINT);
  try {
    exports._start();
  } catch (error) {
    if (!(error instanceof Exit)) return { error: String(error) };
  }
  const lowest = new Uint8Array(exports.memory.buffer, 0, top).findIndex((byte) => byte !== PAINT);
  return { observed: lowest < 0 ? 0 : top - lowest };
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(observe)));
