import { afterEach, describe, expect, it } from "vitest";
import { createScriptedModel, demoScript, type Script, scriptSchema } from "../src/index.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(script: Script, expectKey?: string) {
  const model = createScriptedModel({ script, ...(expectKey === undefined ? {} : { expectKey }) });
  const { url, close } = await model.listen();
  cleanups.push(close);
  const ask = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/messages?beta=true`, {
      method: "POST",
      headers,
      body: JSON.stringify({
        model: "m",
        messages: [{ role: "user", content: "hi" }],
        tools: [{ name: "Write" }],
        ...body,
      }),
    });
  return { model, url, ask };
}

function eventsOf(text: string): { type: string; delta?: Record<string, string>; [key: string]: unknown }[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => JSON.parse(line.slice(6)));
}

describe("a turn", () => {
  const turn = {
    thinking: "hm, let me see",
    text: "Hello there.",
    tools: [{ name: "Bash", input: { command: "ls" } }],
  };

  it("streams thinking, text and tools in several deltas", async () => {
    const { ask } = await start({ turns: [turn] });
    const events = eventsOf(await (await ask({ stream: true })).text());
    expect(events[0]?.type).toBe("message_start");
    expect(events.slice(-2).map(({ type }) => type)).toEqual(["message_delta", "message_stop"]);
    const joined = (field: string) => events.map(({ delta }) => delta?.[field] ?? "").join("");
    expect(joined("thinking")).toBe(turn.thinking);
    expect(joined("text")).toBe(turn.text);
    expect(joined("partial_json")).toBe('{"command":"ls"}');
    expect(events.filter(({ delta }) => delta?.text !== undefined).length).toBeGreaterThan(1);
    expect(events.at(-2)).toMatchObject({ delta: { stop_reason: "tool_use" } });
  });

  it("comes whole without streaming", async () => {
    const { ask } = await start({ turns: [turn] });
    const message = await (await ask({})).json();
    expect(message).toMatchObject({
      type: "message",
      stop_reason: "tool_use",
      content: [{ type: "thinking" }, {}, {}],
    });
  });

  it("is found by the conversation: the same for every try, the next after an answer", async () => {
    const { ask, model } = await start({ turns: [{ text: "first" }, (request) => ({ text: `of ${request.model}` })] });
    const textOf = async (body: object) => {
      const message = (await (await ask(body)).json()) as { content: { text: string }[] };
      return message.content[0]?.text;
    };
    expect(await textOf({})).toBe("first");
    expect(await textOf({})).toBe("first");
    const later = [
      { role: "user", content: "hi" },
      { role: "assistant", content: "first" },
    ];
    expect(await textOf({ messages: later })).toBe("of m");
    expect(await textOf({ messages: [...later, { role: "assistant", content: "x" }] })).toBe("The script has ended.");
    expect(await textOf({ tools: [] })).toBe("A scripted reply");
    expect(model.requests.map(({ kind, turn: at }) => [kind, at])).toEqual([
      ["turn", 0],
      ["turn", 0],
      ["turn", 1],
      ["turn", 2],
      ["side", undefined],
    ]);
  });
});

describe("faults", () => {
  it("fail as often as the script says, with the retry headers that it sets", async () => {
    const fault = { kind: "status", status: 429, retryAfter: 2, shouldRetry: false, times: 1 } as const;
    const { ask } = await start({ turns: [{ text: "at last", fault }] });
    const response = await ask({ stream: true });
    expect(response.status).toBe(429);
    expect(response.headers.get("retry-after")).toBe("2");
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(await response.json()).toMatchObject({ type: "error", error: { type: "rate_limit_error" } });
    expect((await ask({ stream: true })).status).toBe(200);
  });

  it("cut the stream in the middle, or stand still there", async () => {
    const { ask } = await start({
      turns: [
        { text: "never whole", fault: { kind: "cut", afterChunks: 3 } },
        { text: "never whole", fault: { kind: "hang", afterChunks: 3 } },
      ],
    });
    await expect((await ask({ stream: true })).text()).rejects.toThrow();
    const messages = [
      { role: "user", content: "hi" },
      { role: "assistant", content: "x" },
    ];
    const reader = (await ask({ stream: true, messages })).body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
  });
});

describe("everything else", () => {
  it("accepts one key only, in either header", async () => {
    const { ask } = await start({ turns: [{ text: "x" }] }, "secret");
    expect((await ask({})).status).toBe(401);
    expect((await ask({}, { "x-api-key": "other" })).status).toBe(401);
    expect((await ask({}, { "x-api-key": "secret" })).status).toBe(200);
    expect((await ask({}, { authorization: "Bearer secret" })).status).toBe(200);
  });

  it("answers HEAD /, count_tokens, and 404 or 400 to what it does not know", async () => {
    const { url } = await start({ turns: [] });
    expect((await fetch(url, { method: "HEAD" })).status).toBe(200);
    const counted = await fetch(`${url}/v1/messages/count_tokens`, { method: "POST", body: "{}" });
    expect(await counted.json()).toEqual({ input_tokens: 1 });
    expect((await fetch(`${url}/v1/nope`)).status).toBe(404);
    expect((await fetch(`${url}/v1/messages`, { method: "POST", body: "{" })).status).toBe(400);
  });

  it("reads scripts as JSON, strictly", () => {
    expect(scriptSchema.parse(JSON.parse(JSON.stringify(demoScript)))).toEqual(demoScript);
    expect(scriptSchema.safeParse({ turns: [{ say: "x" }] }).success).toBe(false);
  });
});
