import { afterEach, describe, expect, it } from "vitest";
import { createScriptedModel, type Script, type ScriptTurn } from "../src/index.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

async function start(script: Script, expectKey?: string) {
  const model = createScriptedModel({ script, ...(expectKey === undefined ? {} : { expectKey }) });
  const { url, close } = await model.listen();
  cleanups.push(close);
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  return { model, url, post };
}

const turn: ScriptTurn = {
  thinking: "hm, let me see",
  text: "Hello there.",
  tools: [{ name: "shell", input: { command: "ls" } }],
  inputTokens: 100,
  cacheReadTokens: 40,
  outputTokens: 30,
};

async function eventsOf(response: Response) {
  const lines = (await response.text()).split(/\r?\n/).filter((line) => line.startsWith("data: "));
  return lines.map((line) => (line === "data: [DONE]" ? "[DONE]" : JSON.parse(line.slice(6))));
}

/** How a client of each API asks, keeps the model's answers, and reads a stream. */
const apis = {
  "openai-responses": {
    path: () => "/v1/responses",
    key: "authorization",
    body: (past: readonly object[]) => ({
      model: "gpt-x",
      input: [{ role: "developer", content: "rules" }, { role: "user", content: "hi" }, ...past],
      tools: [{ type: "function", name: "shell" }],
    }),
    kept: [
      { type: "reasoning", summary: [] },
      { type: "function_call", call_id: "call_scripted_0_0_0", name: "shell", arguments: "{}" },
      { type: "function_call_output", call_id: "call_scripted_0_0_0", output: "a" },
      { type: "function_call", call_id: "call_scripted_0_0_1", name: "shell", arguments: "{}" },
      { type: "function_call_output", call_id: "call_scripted_0_0_1", output: "b" },
    ],
    said: (events: readonly { type: string; delta: string }[]) =>
      [
        "response.reasoning_summary_text.delta",
        "response.output_text.delta",
        "response.function_call_arguments.delta",
      ].map((type) => events.flatMap((event) => (event.type === type ? event.delta : [])).join("")),
    usage: (events: readonly { response?: { usage: object } }[]) => events.at(-1)?.response?.usage,
    expected: {
      input_tokens: 140,
      input_tokens_details: { cached_tokens: 40 },
      output_tokens: 30,
      output_tokens_details: { reasoning_tokens: 4 },
      total_tokens: 170,
    },
  },
  "openai-chat": {
    path: () => "/v1/chat/completions",
    key: "authorization",
    body: (past: readonly object[]) => ({
      model: "gpt-x",
      messages: [{ role: "system", content: "rules" }, { role: "user", content: "hi" }, ...past],
      tools: [{ type: "function", function: { name: "shell" } }],
      stream_options: { include_usage: true },
    }),
    kept: [
      { role: "assistant", content: null, tool_calls: [] },
      { role: "tool", content: "a" },
    ],
    said: (events: readonly { choices: { delta: Record<string, unknown> }[] }[]) => {
      const deltas = events.flatMap(({ choices }) => choices?.map(({ delta }) => delta) ?? []);
      const calls = deltas.flatMap(({ tool_calls: list = [] }) => list as { function: { arguments: string } }[]);
      return [
        deltas.map(({ reasoning_content: text = "" }) => text).join(""),
        deltas.map(({ content = "" }) => content).join(""),
        calls.map((call) => call.function.arguments).join(""),
      ];
    },
    usage: (events: readonly { usage: object }[]) => events.at(-2)?.usage,
    expected: expect.objectContaining({ prompt_tokens: 140, completion_tokens: 30, total_tokens: 170 }),
  },
  "google-generate": {
    path: (stream: boolean) =>
      `/v1beta/models/gemini-x:${stream ? "streamGenerateContent?alt=sse" : "generateContent"}`,
    key: "x-goog-api-key",
    body: (past: readonly object[]) => ({
      contents: [{ role: "user", parts: [{ text: "hi" }] }, ...past],
      tools: [{ functionDeclarations: [{ name: "shell" }] }],
    }),
    kept: [
      { role: "model", parts: [{ text: "a" }] },
      { role: "model", parts: [{ functionCall: {} }] },
      { role: "user", parts: [{ functionResponse: {} }] },
    ],
    said: (
      events: readonly {
        candidates: { content: { parts: { text?: string; thought?: true; functionCall?: { args: object } }[] } }[];
      }[],
    ) => {
      const parts = events.flatMap(({ candidates }) => candidates.flatMap(({ content }) => content.parts));
      const text = (thought: boolean) => parts.map((part) => (!!part.thought === thought ? part.text : "")).join("");
      return [text(true), text(false), JSON.stringify(parts.at(-1)?.functionCall?.args)];
    },
    usage: (events: readonly { usageMetadata: object }[]) => events.at(-1)?.usageMetadata,
    expected: {
      promptTokenCount: 140,
      candidatesTokenCount: 26,
      thoughtsTokenCount: 4,
      cachedContentTokenCount: 40,
      totalTokenCount: 170,
    },
  },
};

describe.each(Object.entries(apis))("%s", (id, api) => {
  it("streams a turn in several deltas with its usage, and answers in one piece", async () => {
    const { post } = await start({ turns: [turn] });
    const events = await eventsOf(await post(api.path(true), { ...api.body([]), stream: true }));
    const read = events.filter((event) => event !== "[DONE]") as never[];
    expect(api.said(read)).toEqual([turn.thinking, turn.text, '{"command":"ls"}']);
    expect(events.length).toBeGreaterThan(4);
    expect(api.usage(events as never[])).toEqual(api.expected);
    const answer = await (await post(api.path(false), api.body([]))).json();
    expect(JSON.stringify(answer)).toContain("Hello there.");
  });

  it("finds the turn by the conversation, and answers requests without tools beside it", async () => {
    const { post, model } = await start({ turns: [{ text: "first" }, (one) => ({ text: `${one.api} ${one.model}` })] });
    const ask = async (body: object) => (await post(api.path(false), body)).text();
    expect(await ask(api.body([]))).toContain("first");
    expect(await ask(api.body([]))).toContain("first");
    expect(await ask(api.body(api.kept))).toContain(`${id} g`);
    expect(await ask({ ...api.body([]), tools: undefined })).toContain("A scripted reply");
    expect(model.requests.map(({ kind, turn: at }) => [kind, at])).toEqual([
      ["turn", 0],
      ["turn", 0],
      ["turn", 1],
      ["side", undefined],
    ]);
  });

  it("accepts its key in its own header only, and words its errors in its own way", async () => {
    const fault = { kind: "status", status: 429, retryAfter: 2, times: 1 } as const;
    const { post } = await start({ turns: [{ text: "x", fault }] }, "secret");
    const wrong = await post(api.path(false), api.body([]), { "x-api-key": "secret" });
    expect(wrong.status).toBe(401);
    const headers = { [api.key]: api.key === "authorization" ? "Bearer secret" : "secret" };
    const limited = await post(api.path(false), api.body([]), headers);
    expect(limited.status).toBe(429);
    expect(limited.headers.get("retry-after")).toBe("2");
    expect(await limited.json()).toEqual({ error: expect.objectContaining({ message: "scripted 429" }) });
    expect((await post(api.path(false), api.body([]), headers)).status).toBe(200);
  });

  it("cuts a stream, stands still in it, breaks its JSON, and makes it huge", async () => {
    const faults = [
      { kind: "cut", afterChunks: 1 },
      { kind: "garbage", afterChunks: 1 },
      { kind: "huge", bytes: 1_000_000 },
    ] as const;
    const answerTo = async (fault: (typeof faults)[number]) => {
      const { post } = await start({ turns: [{ text: "never whole", fault }] });
      return (await post(api.path(true), { ...api.body([]), stream: true })).text();
    };
    await expect(answerTo(faults[0])).rejects.toThrow();
    expect(await answerTo(faults[1])).toMatch(/no JSON\n\n$/);
    expect((await answerTo(faults[2])).length).toBeGreaterThan(1_000_000);
    const { post } = await start({ turns: [{ text: "x", fault: { kind: "hang", afterChunks: 1 } }] });
    const reader = (await post(api.path(true), { ...api.body([]), stream: true })).body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await reader?.cancel();
  });
});

it("lists models, counts tokens and refuses other paths", async () => {
  const { url, post } = await start({ turns: [] });
  const list = (await (await fetch(`${url}/v1/models`)).json()) as { data: object[] };
  expect(list.data).toMatchObject([{ id: "scripted" }]);
  expect((await fetch(`${url}/v1beta/models/scripted`)).status).toBe(200);
  expect(await (await post("/v1beta/models/x:countTokens", {})).json()).toEqual({ totalTokens: 1 });
  expect((await post("/v1beta/models/x:embedContent", {})).status).toBe(404);
  expect((await post("/v1/responses", {})).status).toBe(400);
  expect((await post("/openai/responses", { model: "m", input: "hi" })).status).toBe(200);
});

it("calls a tool of free text by its text, and one of a namespace by its namespace", async () => {
  const tools = [
    { name: "apply_patch", input: { input: "*** Begin" } },
    { name: "click", input: {} },
  ];
  const { post } = await start({ turns: [{ tools }] });
  const offered = [
    { type: "custom", name: "apply_patch" },
    { type: "namespace", name: "browser", tools: [{ type: "function", name: "click" }] },
  ];
  const input = [
    { type: "additional_tools", role: "developer", tools: offered },
    { role: "user", content: "hi" },
  ];
  const answer = await (await post("/v1/responses", { model: "m", input })).json();
  expect(answer).toMatchObject({
    output: [
      { type: "custom_tool_call", input: "*** Begin" },
      { type: "function_call", namespace: "browser" },
    ],
  });
});
