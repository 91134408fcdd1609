// Instantiates modules in Node and prints, per module, the pages of its memory afterwards:
// node instantiate.mjs < JOBS, where JOBS is [{id, file, minimum, maximum, shared}] as JSON.
// Functions are stubbed; a module that imports tables, globals or tags is skipped, and says so.
import { readFileSync } from 'node:fs';

const PAGE = 65536;

function instantiate({ file, minimum, maximum, shared }) {
  const module = new WebAssembly.Module(readFileSync(file));
  const imports = {};
  let memory;
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    imports[from] ??= {};
    if (kind === 'function') {
      imports[from][name] = () => 0;
    } else if (kind === 'memory') {
      memory = imports[from][name] = new WebAssembly.Memory({ initial: minimum, maximum: maximum ?? undefined, shared });
    } else {
      return { skipped: `it imports a ${kind}` };
    }
  }
  const { exports } = new WebAssembly.Instance(module, imports);
  memory ??= Object.values(exports).find((value) => value instanceof WebAssembly.Memory);
  return memory ? { pages: memory.buffer.byteLength / PAGE } : { skipped: 'its memory cannot be seen from outside' };
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
