// Runs a module under Node's WASI: node run.mjs MODULE [--stack BYTES] < readings.txt
// Prints on standard error how many pages it has at start and at the end; memory never shrinks, so the end is the peak.
// With --stack, for a stack of BYTES from address 0 on: how far down it was written.
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const PAGE = 65536;
const PAINT = 0xaa;
const [file, flag, bytes] = process.argv.slice(2);
const stack = flag === '--stack' ? Number(bytes) : 0;
if (!file || (flag && !(flag === '--stack' && Number.isInteger(stack) && stack > 0))) {
  console.error('usage: node run.mjs MODULE [--stack BYTES] < readings.txt');
  process.exit(2);
}

const module = await WebAssembly.compile(readFileSync(file));
const wasi = new WASI({ version: 'preview1', returnOnExit: true });
const instance = await WebAssembly.instantiate(module, wasi.getImportObject());
const { memory } = instance.exports;
const start = memory.buffer.byteLength / PAGE;
new Uint8Array(memory.buffer, 0, stack).fill(PAINT);
process.exitCode = wasi.start(instance);
console.error(`${start} pages at start, ${memory.buffer.byteLength / PAGE} at the end`);
if (stack) {
  const lowest = new Uint8Array(memory.buffer, 0, stack).findIndex((byte) => byte !== PAINT);
  console.error(`${lowest < 0 ? 0 : stack - lowest} of ${stack} bytes of stack were written`);
}
