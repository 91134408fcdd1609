// Instantiates modules in Node and prints {id: {pages} or {skipped: reason}}:
// node instantiate.mjs < JOBS, where JOBS is [{id, file, stack_top, imports: {memory: [], table: [], global: [], tag: []}}] as JSON.
// Each import is stubbed by its kind: a function returns 0, a memory or table has just the limits that the module asks for.
import { readFileSync } from 'node:fs';

const PAGE = 65536;

const limits = ({ initial, maximum }) => (maximum === null ? { initial } : { initial, maximum });

const stubs = {
  function: () => () => 0,
  memory: (wanted) => new WebAssembly.Memory({ ...limits(wanted), shared: wanted.shared }),
  table: (wanted) => new WebAssembly.Table({ ...limits(wanted), element: wanted.element }),
  // A start function may push to the stack: its pointer must not begin at 0.
  global: ({ value, mutable }, name, job) => {
    const start = name === '__stack_pointer' ? job.stack_top : 0;
    return new WebAssembly.Global({ value, mutable }, value === 'i64' ? BigInt(start) : start);
  },
  tag: ({ parameters }) => new WebAssembly.Tag({ parameters }),
};

function instantiate(job) {
  const module = new WebAssembly.Module(readFileSync(job.file));
  const imports = {};
  const seen = { memory: 0, table: 0, global: 0, tag: 0 };
  const memories = [];
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const wanted = kind === 'function' ? null : job.imports[kind]?.[seen[kind]++];
    if (wanted === undefined) return { skipped: `its import of the ${kind} ${from}.${name} is not described` };
    const stub = stubs[kind](wanted, name, job);
    imports[from] ??= {};
    imports[from][name] = stub;
    if (kind === 'memory') memories.push(stub);
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  const memory = memories[0] ?? Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  return memory ? { pages: memory.buffer.byteLength / PAGE } : { skipped: 'its memory is neither imported nor exported' };
}

const results = {};
for (const job of JSON.parse(readFileSync(0, 'utf8'))) {
  try {
    results[job.id] = instantiate(job);
  } catch (error) {
    results[job.id] = { skipped: String(error) };
  }
}
console.log(JSON.stringify(results));
