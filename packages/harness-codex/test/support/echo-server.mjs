// An MCP server with one tool, whose description holds what the server was started with.
import { createInterface } from "node:readline";

const started = `args=${process.argv.slice(2).join(",")} level=${process.env.LEVEL}`;
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) continue;
  const answer = (result) => console.log(JSON.stringify({ jsonrpc: "2.0", id, result }));
  if (method === "initialize") {
    const serverInfo = { name: "echo", version: "1" };
    answer({ protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo });
  } else if (method === "tools/list") {
    answer({ tools: [{ name: "say", description: started, inputSchema: { type: "object", properties: {} } }] });
  } else if (method === "tools/call") answer({ content: [{ type: "text", text: started }] });
  else answer({});
}
