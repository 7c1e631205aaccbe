import assert from "node:assert/strict";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";
import { nodeScript } from "../../in-sandbox/node-script.ts";
import { TextReader } from "../../in-sandbox/text-reader.ts";

const server = `
const server = require("node:http").createServer((request, response) => response.end("here"));
server.listen(Number(process.argv[1]), "127.0.0.1", () => console.log("listens"));
`;
const port = 8931;

export const endpointCloses: ConformanceCase = {
  name: "optional/endpoint-closes",
  title: "Reaches whatever listens at the moment, until the endpoint or the sandbox's handle is closed",
  requires: ({ endpoint }) => endpoint,
  async run({ create, connect }) {
    const sandbox = await create();
    for (const wrong of [0, 65536, 1.5]) await rejectsWith("invalid-options", sandbox.endpoint(wrong), `port ${wrong}`);
    const other = await connect(sandbox.id);
    const [endpoint, ofOther] = [await sandbox.endpoint(port), await other.endpoint(port)];
    const answers = async ({ url, headers } = endpoint): Promise<boolean> => {
      try {
        // A connection of its own: one that is kept would outlive what it went to.
        return (await fetch(url, { headers: { ...headers, connection: "close" } })).ok;
      } catch {
        return false;
      }
    };
    assert.equal(await answers(), false, "Something answers, and nothing listens");
    const process = await sandbox.spawn(nodeScript(server, String(port)));
    const reader = new TextReader(process);
    await reader.until("listens");
    await reader.stop();
    assert.deepEqual([await answers(), await answers(ofOther)], [true, true]);
    await process.kill();
    assert.equal(await answers(), false, "Something answers, and what listened is gone");
    const again = new TextReader(await sandbox.spawn(nodeScript(server, String(port))));
    await again.until("listens");
    await again.stop();
    assert.equal(await answers(), true);
    await endpoint.close();
    await endpoint.close();
    assert.deepEqual([await answers(), await answers(ofOther)], [false, true]);
    await other.close();
    assert.equal(await answers(ofOther), false, "It answers, and its handle is closed");
  },
};
