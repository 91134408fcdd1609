// Runs a wasm32-wasi program that may use FOLDER as /tmp: node run_wasi.mjs PROGRAM.wasm FOLDER
import { readFile } from "node:fs/promises";
import { WASI } from "node:wasi";

const [program, folder] = process.argv.slice(2);
const wasi = new WASI({ version: "preview1", args: ["program"], env: {}, preopens: { "/tmp": folder } });
const module = await WebAssembly.compile(await readFile(program));
process.exitCode = wasi.start(await WebAssembly.instantiate(module, wasi.getImportObject()));
