// Runs a module under Node's WASI: node run.mjs MODULE < readings.txt
// Prints on standard error how many pages it has at start and at the end.
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const PAGE = 65536;
const module = await WebAssembly.compile(readFileSync(process.argv[2]));
const wasi = new WASI({ version: 'preview1', returnOnExit: true });
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
const { memory } = instance.exports;
const start = memory.buffer.byteLength / PAGE;
wasi.start(instance);
console.error(`${start} pages at start, ${memory.buffer.byteLength / PAGE} at the end`);
