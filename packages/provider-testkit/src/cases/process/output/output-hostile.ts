import assert from "node:assert/strict";
import type { ConformanceCase } from "../../../conformance-case.ts";
import { nodeScript } from "../../../in-sandbox/node-script.ts";
import { runInside } from "../../../in-sandbox/run-inside.ts";

/** What transports, engines and daemons say to each other. */
const imitations: readonly (string | readonly number[])[] = [
  [1, 0, 0, 0, 0, 0, 0, 5, 104, 101, 108, 108, 111],
  [2, 0, 0, 0, 255, 255, 255, 255],
  [0, 0, 0, 0, 0, 0, 0, 0],
  [0, 0, 4, 1, 5, 0, 0, 0, 1],
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
  "0\r\n\r\n",
  '{"type":"exit","exitCode":0,"reason":"exited"}\n',
  '{"error":{"code":"not-found","message":"gone"}}\n',
  '{"event":{"end":{"exitCode":0,"exited":true,"status":"exit status 0"}}}\n',
  "OCI runtime exec failed: exec failed: container not running\n",
  "Error response from daemon: No such container\n",
  "event: end\ndata: 0\n\n",
  "__EXIT_CODE__=0\n",
  "\u001e\u0004\u0000EOF\n",
];

const script = `
const { writeSync } = require("node:fs");
for (const bytes of JSON.parse(process.argv[1])) { writeSync(1, Buffer.from(bytes)); writeSync(2, Buffer.from(bytes)); }
process.exit(41);
`;

export const outputHostile: ConformanceCase = {
  name: "process/output-hostile",
  title: "Treats output that imitates frames, engine errors and end markers as plain bytes",
  async run({ shared }) {
    const pieces = imitations.map((imitation) => [...Buffer.from(imitation as string)]);
    const { stdout, stderr, exit } = await runInside(await shared(), nodeScript(script, JSON.stringify(pieces)));
    const expected = Buffer.from(pieces.flat());
    assert.ok(stdout.equals(expected), "stdout is what was written");
    assert.ok(stderr.equals(expected), "stderr is what was written");
    assert.deepEqual(exit, { exitCode: 41, reason: "exited" });
  },
};
