// Runs an npm package on real work and tells how deep the stacks of its modules got.
// node observe_packages.mjs NODE_MODULES PACKAGE LOW TOP, where LOW and TOP are the part of the memory that may be painted; with
// LOW PAINTED - it is PAINTED bytes below where the imported __stack_pointer starts.
// Prints [{observed, called: [EXPORT, ...]}, ...], one for each instance that it made.
// Every instance that a package makes is taken hold of: its stack is painted before anything in it runs, and its exports are
// wrapped, to know which of them were called.
import { createRequire } from 'node:module';
import path from 'node:path';

const PAINT = 0xc5;
const [modules, name] = process.argv.slice(2);
let [low, top] = process.argv.slice(4).map(Number);
const require = createRequire(path.join(path.resolve(modules), 'x.js'));
const seen = [];
globalThis.fetch = undefined; // older Emscripten code fetches its module where it can, even from a path

function wrap(instance, imports) {
  // A package that links modules at run time: side modules share memory and stack with the main one, which is painted already,
  // and exports go into its table, which takes no wrappers.
  const links = name === 'web-tree-sitter';
  if (links && seen.length > 0) return instance;
  const called = new Set();
  const exports = {};
  for (const [key, value] of Object.entries(instance.exports)) {
    exports[key] = typeof value === 'function' ? (...values) => { called.add(key); return value(...values); } : value;
  }
  const memory = Object.values(instance.exports).find((value) => value instanceof WebAssembly.Memory) ??
    Object.entries(imports ?? {}).filter(([from]) => !from.startsWith('GOT.')).flatMap(([, items]) => Object.values(items)).find((value) => value instanceof WebAssembly.Memory);
  const pointer = imports?.env?.__stack_pointer?.value;
  if (Number.isNaN(top)) [low, top] = [pointer - low, pointer];
  new Uint8Array(memory.buffer, low, top - low).fill(PAINT);
  seen.push({ memory, called });
  if (links) return instance;
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

// A HEIF file of one image that is not compressed (ISO/IEC 23008-12 and 23001-17).
function heif_file(width, height) {
  const number = (value, bytes) => Array.from({ length: bytes }, (_, i) => (value >> (8 * (bytes - 1 - i))) & 255);
  const letters = (word) => [...Buffer.from(word, 'latin1')];
  const box = (type, ...parts) => { const body = parts.flat(); return [...number(body.length + 8, 4), ...letters(type), ...body]; };
  const full = (type, version, ...parts) => box(type, [version, 0, 0, 0], ...parts);
  const bytes = width * height * 3;
  const components = [0, 1, 2].flatMap((i) => [...number(i, 2), 7, 0, 0]);
  const properties = box('ipco', full('ispe', 0, number(width, 4), number(height, 4)),
    box('cmpd', number(3, 4), number(4, 2), number(5, 2), number(6, 2)),
    full('uncC', 0, letters('rgb3'), number(3, 4), components, [0, 1, 0, 0, 0], number(0, 20)));
  const meta = (offset) => full('meta', 0, full('hdlr', 0, number(0, 4), letters('pict'), number(0, 13)), full('pitm', 0, number(1, 2)),
    full('iloc', 0, [0x44, 0], number(1, 2), number(1, 2), number(0, 2), number(1, 2), number(offset, 4), number(bytes, 4)),
    full('iinf', 0, number(1, 2), full('infe', 2, number(1, 2), number(0, 2), letters('unci'), [0])),
    box('iprp', properties, full('ipma', 0, number(1, 4), number(1, 2), [3, 0x81, 0x82, 0x83])));
  const type = box('ftyp', letters('mif1'), number(0, 4), letters('mif1heic'));
  return Uint8Array.from([...type, ...meta(type.length + meta(0).length + 8), ...box('mdat', Array.from({ length: bytes }, (_, i) => (i * 7) & 255))]);
}

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
  'libheif-js': async () => {
    const heif = await require('libheif-js/libheif-wasm/libheif.js')({ print: () => {}, printErr: () => {} });
    new heif.HeifDecoder().decode(heif_file(64, 64));
  },
  'web-tree-sitter': async () => {
    const { Language, Parser } = require('web-tree-sitter');
    await Parser.init();
    const parser = new Parser();
    parser.setLanguage(await Language.load(require.resolve('tree-sitter-json/tree-sitter-json.wasm')));
    const tree = parser.parse(JSON.stringify(text.split('\n').map((line) => ({ line, numbers: [1, [2, [3]]] }))));
    tree.rootNode.descendantsOfType('number');
    tree.rootNode.toString();
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
