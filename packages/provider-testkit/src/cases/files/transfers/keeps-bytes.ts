import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { pieces } from "../../../bytes/pieces.ts";
import { readAll } from "../../../bytes/read-all.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { runNode } from "../../../in-sandbox/run-node.ts";

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/** Each a file, as the pieces of its body. */
const bodies: readonly (readonly Buffer[])[] = [
  [],
  [Buffer.alloc(0)],
  [Buffer.from("a")],
  [everyByte],
  // UTF-8 cut between pieces, and bytes that are no text at all.
  [Buffer.from([0xf0, 0x9f]), Buffer.from([0xa7, 0xa4]), Buffer.from([0xff, 0xfe, 0x00])],
  [Buffer.from("\r\n\n\r"), Buffer.alloc(0), Buffer.from("end")],
  [Buffer.alloc(65_536, everyByte), Buffer.alloc(1), Buffer.alloc(65_535, everyByte)],
  [Buffer.alloc(5_000_003, everyByte)],
];

const sizesAndHashes = `const fs = require("node:fs"); const { createHash } = require("node:crypto"); process.chdir(process.argv[1]);
  console.log(JSON.stringify(fs.readdirSync(".").sort().map((name) => { const bytes = fs.readFileSync(name);
    return [name, bytes.length, createHash("sha256").update(bytes).digest("hex")]; })));`;

export const keepsBytes: ConformanceCase = {
  name: "files/keeps-bytes",
  title: "Writes and reads back any bytes unchanged, including an empty file",
  timeoutMs: 180_000,
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    await Promise.all(bodies.map((body, at) => sandbox.files.writeStream(`${directory}/${at}`, pieces(...body))));
    const inside = JSON.parse(await runNode(sandbox, sizesAndHashes, [directory])) as [string, number, string][];
    for (const [at, body] of bodies.entries()) {
      const whole = Buffer.concat(body);
      const sha256 = createHash("sha256").update(whole).digest("hex");
      assert.deepEqual(inside[at], [String(at), whole.length, sha256]);
      assert.equal((await sandbox.files.stat(`${directory}/${at}`))?.size, whole.length);
      assert.ok(
        (await readAll(await sandbox.files.readStream(`${directory}/${at}`))).equals(whole),
        `body ${at} differs`,
      );
    }
  },
};
