// Runs an npm package on real work and tells how deep the stacks of its modules got.
// node observe_packages.mjs NODE_MODULES PACKAGE LOW TOP, where LOW and TOP are the part of the memory that may be painted.
// Prints [{observed, called: [EXPORT, ...]}, ...], one for each instance that it made.
// Every instance that a package makes is taken hold of: its stack is painted before anything in it runs, and its exports are
// wrapped, to know which of them were called.
import { createRequire } from 'node:module';
import path from 'node:path';

const PAINT = 0xc5;
const [modules, name, low, top] = [process.argv[2], process.argv[3], Number(process.argv[4]), Number(process.argv[5])];
const require = createRequire(path.join(path.resolve(modules), 'x.js'));
const seen = [];
globalThis.fetch = undefined; // older Emscripten code fetches its module where it can, even from a path

function wrap(instance, imports) {
  const called = new Set();
  const exports = {};
  for (const [key, value] of Object.entries(instance.exports)) {
    exports[key] = typeof value === 'function' ? (...values) => { called.add(key); return value(...values); } : value;
  }
  const memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory) ??
    Object.values(imports ?? {}).flatMap((from) => Object.values(from)).find((value) => value instanceof WebAssembly.Memory);
  new Uint8Array(memory.buffer, low, top - low).fill(PAINT);
  seen.push({ memory, called });
  return Object.create(WebAssembly.Instance.prototype, { exports: { value: exports } });
}

const { instantiate, Instance } = WebAssembly;
WebAssembly.instantiate = async (source, imports) => {
  const made = await instantiate(source, imports);
  return made instanceof Instance ? wrap(made, imports) : { module: made.module, instance: wrap(made.instance, imports) };
};
WebAssembly.Instance = function (module, imports) { return wrap(new Instance(module, imports), imports); };
WebAssembly.Instance.prototype = Instance.prototype;

const text = Array.from({ length: 3000 }, (_, i) => `line ${i} ${(i * 2654435761) % 1000003}`).join('\n');

const work = {
  'argon2-browser': async () => {
    const argon2 = require('argon2-browser');
    await argon2.hash({ pass: 'a long password', salt: 'somesaltsomesalt', time: 2, mem: 256, parallelism: 1, type: argon2.ArgonType.Argon2id });
  },
  'source-map': async () => {
    const { SourceMapConsumer, SourceMapGenerator } = require('source-map');
    const generator = new SourceMapGenerator({ file: 'x.js' });
    for (let i = 1; i < 4000; ++i) generator.addMapping({ generated: { line: i, column: i % 80 }, original: { line: i, column: 0 }, source: 'x.ts' });
    await SourceMapConsumer.with(generator.toString(), null, (map) => {
      for (let i = 1; i < 4000; i += 7) map.originalPositionFor({ line: i, column: 40 });
      map.allGeneratedPositionsFor({ line: 5, source: 'x.ts' });
    });
  },
  'brotli-wasm': async () => {
    const brotli = require('brotli-wasm');
    brotli.decompress(brotli.compress(Buffer.from(text), { quality: 9 }));
  },
  '@bokuweb/zstd-wasm': async () => {
    const zstd = require('@bokuweb/zstd-wasm');
    await zstd.init();
    zstd.decompress(zstd.compress(Buffer.from(text), 10));
  },
  'sql.js': async () => {
    const SQL = await require('sql.js')();
    const db = new SQL.Database();
    db.run('create table t(a integer, b text)');
    for (let i = 0; i < 500; ++i) db.run('insert into t values (?, ?)', [i, text.slice(i, i + 40)]);
    db.exec('select b, count(*), avg(a) from t where a in (select a from t where a % 3 = 0) group by substr(b, 1, 3) order by 2 desc');
    db.close();
  },
  '@jitl/quickjs-wasmfile-release-sync': async () => {
    const load = require('@jitl/quickjs-wasmfile-release-sync/emscripten-module');
    const module = await (load.default ?? load)();
    const runtime = module.cwrap('QTS_NewRuntime', 'number', [])();
    const context = module.cwrap('QTS_NewContext', 'number', ['number', 'number'])(runtime, 0);
    const code = 'function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); } JSON.stringify([fib(16), /(a|b)*c/.test("ababc"), [3, 1, 2].sort()])';
    module.cwrap('QTS_Eval', 'number', ['number', 'string', 'number', 'string', 'number', 'number'])(context, code, code.length, 'x.js', 0, 0);
  },
};

await work[name]();
console.log(JSON.stringify(seen.map(({ memory, called }) => {
  const lowest = new Uint8Array(memory.buffer, low, top - low).findIndex((byte) => byte !== PAINT);
  return { observed: lowest < 0 ? 0 : top - low - lowest, called: [...called].sort() };
})));
process.exit(0);
