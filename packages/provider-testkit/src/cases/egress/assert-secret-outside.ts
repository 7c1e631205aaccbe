import assert from "node:assert/strict";
import type { Sandbox } from "@glovebox/core/provider";
import { runNode } from "../../in-sandbox/run-node.ts";

const masked = 0x5a;

/**
 * Looks where the user may look: the environments, arguments and memory of all processes, and the files in which
 * something could have been left. Compares masked bytes, so that the search does not find itself.
 */
const script = `const fs = require("node:fs"), path = require("node:path"); const wanted = Buffer.from(process.argv[1], "hex"); const found = [];
  const holds = (bytes) => { const first = wanted[0] ^ ${masked}; for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    let same = 0; while (same < wanted.length && bytes[at + same] === (wanted[same] ^ ${masked})) same += 1; if (same === wanted.length) return true; } return false; };
  const file = (name) => { try { if (holds(fs.readFileSync(name))) found.push(name); } catch {} };
  const memory = (pid) => { let maps; try { maps = fs.readFileSync("/proc/" + pid + "/maps", "utf8"); } catch { return; }
    for (const line of maps.split("\\n")) { const range = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line); if (!range) continue;
      const from = parseInt(range[1], 16), size = Math.min(parseInt(range[2], 16) - from, 64 * 1024 * 1024);
      try { const handle = fs.openSync("/proc/" + pid + "/mem", "r"); const bytes = Buffer.alloc(size); const read = fs.readSync(handle, bytes, 0, size, from); fs.closeSync(handle);
        if (holds(bytes.subarray(0, read))) found.push("/proc/" + pid + "/mem"); } catch {} } };
  const directory = (name) => { let entries; try { entries = fs.readdirSync(name, { withFileTypes: true }); } catch { return; }
    for (const entry of entries) { const at = path.join(name, entry.name); if (entry.isDirectory()) directory(at); else if (entry.isFile()) file(at); } };
  for (const pid of fs.readdirSync("/proc").filter((name) => /^[0-9]+$/.test(name))) { for (const what of ["environ", "cmdline"]) file("/proc/" + pid + "/" + what);
    if (Number(pid) !== process.pid) memory(pid); }
  for (const name of ["/workspace", "/home", "/tmp", "/run", "/etc", "/root", "/var", "/opt"]) directory(name);
  console.log(JSON.stringify(found));`;

/** Asserts that a value is nowhere in a sandbox where its user could find it. */
export async function assertSecretOutside(sandbox: Sandbox, value: string): Promise<void> {
  const hidden = Buffer.from(Buffer.from(value).map((byte) => byte ^ masked));
  const found = JSON.parse(await runNode(sandbox, script, [hidden.toString("hex")])) as string[];
  assert.deepEqual(found, [], "the credential is in the sandbox");
}
