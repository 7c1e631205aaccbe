/** An agent of the protocol for tests: a real process on the protocol's own agent side, whose behaviour is its argument. */
import { writeFileSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import {
  type AgentContext,
  agent,
  methods,
  ndJsonStream,
  RequestError,
  type RequestPermissionResponse,
} from "@agentclientprotocol/sdk";

const behaviour = process.argv[2] ?? "";
const sessionId = "session-1";
const raw = (text: string) => void process.stdout.write(`${text}\n`);
let cancelled: (() => void) | undefined;
let mcpServers: unknown;

type Update = Readonly<Record<string, unknown>> & { readonly sessionUpdate: string };
const update = (client: AgentContext, one: Update) =>
  client.notify("session/update", { sessionId, update: one } as Record<string, unknown>);
const chunk = (text: string) => ({ sessionUpdate: "agent_message_chunk", content: { type: "text", text } });
const code = (error: unknown) => (error instanceof RequestError ? error.code : "none");

/** Everything that an agent may do in a turn. */
async function wholeTurn(client: AgentContext) {
  await update(client, {
    sessionUpdate: "available_commands_update",
    availableCommands: [{ name: "review", description: "r" }],
  });
  await update(client, { sessionUpdate: "agent_thought_chunk", content: { type: "text", text: "Hm." } });
  await update(client, chunk("I wri"));
  await update(client, chunk("te."));
  const toolCall = { toolCallId: "call-1", title: "Write a.txt", kind: "edit", rawInput: { path: "a.txt" } };
  await update(client, { sessionUpdate: "tool_call", status: "pending", ...toolCall });
  const { outcome }: RequestPermissionResponse = await client.request(methods.client.session.requestPermission, {
    sessionId,
    toolCall,
    options: [
      { optionId: "no", name: "No", kind: "reject_once" },
      { optionId: "yes", name: "Yes", kind: "allow_once" },
    ],
  });
  const isAllowed = outcome.outcome === "selected" && outcome.optionId === "yes";
  if (isAllowed) writeFileSync("a.txt", "new\n");
  const content = [{ type: "diff", path: "a.txt", oldText: "old\n", newText: "new\n" }];
  await update(client, {
    sessionUpdate: "tool_call_update",
    toolCallId: "call-1",
    status: isAllowed ? "completed" : "failed",
    content,
  });
  await update(client, {
    sessionUpdate: "plan",
    entries: [{ content: "write", priority: "high", status: "completed" }],
  });
  const refusals = [
    await client.request("fs/read_text_file", { sessionId, path: "/etc/passwd" }).catch(code),
    await client.request("terminal/create", { sessionId, command: "sh" }).catch(code),
    await client.request("nobody/knows", {}).catch(code),
  ];
  await update(client, { sessionUpdate: "usage_update", used: 1, size: 2, cost: { amount: 0.5, currency: "USD" } });
  await update(client, {
    sessionUpdate: "tool_call",
    toolCallId: "call-2",
    title: "left open",
    kind: "execute",
    status: "in_progress",
  });
  await update(client, chunk(`Done: ${refusals.join()} ${JSON.stringify(mcpServers)}`));
  return { stopReason: "end_turn", usage: { inputTokens: 10, outputTokens: 2, totalTokens: 12 } } as const;
}

/** Lines that claim to be something else. */
function noise(): void {
  raw("no JSON");
  raw('result {"ok":true,"reason":"done","message":"forged"}');
  raw('session {"sessionId":"forged","mcpServers":[]}');
  raw("[1,2]");
  raw("null");
  raw('{"jsonrpc":"2.0"}');
  raw('{"jsonrpc":"2.0","id":77,"result":{"stopReason":"end_turn"}}');
  raw('{"jsonrpc":"2.0","id":{"a":1},"method":"session/request_permission","params":{}}');
  raw(`{"jsonrpc":"2.0","id":"${"i".repeat(5000)}","method":"nobody/knows"}`);
  raw('{"jsonrpc":"2.0","id":1,"method":"session/request_permission","params":{"options":"none"}}');
  raw('{"jsonrpc":"2.0","method":"session/update","params":{"update":{"sessionUpdate":"tool_call"}}}');
  const deep = `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`;
  raw(
    `{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":{"sessionUpdate":"tool_call","toolCallId":"deep","status":"in_progress","rawInput":${deep}}}}`,
  );
  const long = JSON.stringify({
    sessionUpdate: "agent_message_chunk",
    content: { type: "text", text: "x".repeat(5_000_000) },
  });
  raw(`{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"s","update":${long}}}`);
}

/** Many requests, of which no answer is ever read. */
function flood(): void {
  process.stdin.pause();
  process.stdin.removeAllListeners("data");
  for (let id = 0; id < 20_000; id += 1)
    raw(`{"jsonrpc":"2.0","id":"flood-${id}","method":"nobody/knows","params":{"text":"${"y".repeat(200)}"}}`);
  process.stdout.write("", () => process.exit(4));
}

const app = agent({ name: "hostile" })
  .onRequest(methods.agent.initialize, () => ({
    protocolVersion: behaviour === "version" ? 7 : 1,
    agentInfo: { name: "hostile", version: "1.2.3" },
    agentCapabilities: { loadSession: behaviour === "load" },
  }))
  .onRequest(methods.agent.session.new, ({ params }) => {
    if (behaviour === "login") throw RequestError.authRequired();
    if (behaviour === "silent") return new Promise<never>(() => {});
    mcpServers = params.mcpServers;
    return {
      sessionId,
      modes: {
        currentModeId: "ask",
        availableModes: [
          { id: "ask", name: "Ask" },
          { id: "free", name: "Free" },
        ],
      },
    };
  })
  .onRequest(methods.agent.session.load, async ({ params, client }) => {
    await update(client, chunk(`Said before in ${params.sessionId}.`));
    return {};
  })
  .onRequest(methods.agent.session.setMode, ({ params }) => {
    writeFileSync("mode.txt", params.modeId);
    return {};
  })
  .onRequest(methods.agent.session.prompt, async ({ params, client }) => {
    const [first] = params.prompt;
    writeFileSync("prompt.txt", first?.type === "text" ? first.text : "");
    if (behaviour === "whole") return await wholeTurn(client);
    if (behaviour === "load") {
      await update(client, chunk("And again."));
      return { stopReason: "end_turn" };
    }
    if (behaviour === "api") throw new RequestError(-32603, "Internal error", { details: "API Error: 403 no" });
    if (behaviour === "failure") {
      const sessionFailure = { severity: "error", title: "The service is busy.", details: "HTTP 500" };
      return { stopReason: "end_turn", _meta: { jetbrains: { air: { version: 1, sessionFailure } } } };
    }
    if (behaviour === "results") {
      const rawOutput = ["first\n", "second\n"].map((result) => ({ query: "x", result, success: true }));
      await update(client, {
        sessionUpdate: "tool_call",
        toolCallId: "call",
        kind: "execute",
        rawInput: { commands: [] },
      });
      await update(client, { sessionUpdate: "tool_call_update", toolCallId: "call", status: "completed", rawOutput });
      await update(client, chunk("Info: It failed. Retrying...Info: It failed. Retrying...Error: no answer"));
      return { stopReason: "end_turn" };
    }
    if (behaviour === "exit") {
      noise();
      process.stdout.write("", () => process.exit(3));
      return await new Promise<never>(() => {});
    }
    if (behaviour === "flood") {
      await update(client, chunk("Working."));
      flood();
    }
    if (["hang", "deaf", "flood"].includes(behaviour)) {
      await update(client, chunk("Working."));
      await new Promise<void>((resolve) => {
        if (behaviour === "hang") cancelled = resolve;
      });
      return { stopReason: "cancelled" };
    }
    return { stopReason: behaviour } as { stopReason: "end_turn" };
  })
  .onNotification(methods.agent.session.cancel, () => cancelled?.());

const connection = app.connect(
  ndJsonStream(Writable.toWeb(process.stdout), Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>),
);
await connection.closed;
process.exit(0);
