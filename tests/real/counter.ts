// A module of AssemblyScript, compiled at test time by the compiler from npm.
const names = new Map<string, i32>();

export function count(name: string): i32 {
  const seen = names.has(name) ? names.get(name) : 0;
  names.set(name, seen + 1);
  return seen + 1;
}
