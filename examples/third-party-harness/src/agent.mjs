// The program that works in the sandbox. The prompt comes on standard input, what happens goes to standard output as one
// JSON object a line, and the model is reached where ANTHROPIC_BASE_URL says. It needs Node and nothing else.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";

const { model, maxTurns, maxTokens, system } = JSON.parse(process.argv[1] ?? "{}");

const tools = [
  {
    name: "Write",
    description: "Writes a file.",
    input_schema: {
      type: "object",
      properties: { file_path: { type: "string" }, content: { type: "string" } },
      required: ["file_path", "content"],
    },
  },
  {
    name: "Bash",
    description: "Runs a shell command and answers its output.",
    input_schema: { type: "object", properties: { command: { type: "string" } }, required: ["command"] },
  },
];

const run = {
  async Write({ file_path: path, content }) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    return { ok: true, output: `${path} is written` };
  },
  Bash: ({ command }) =>
    new Promise((resolve) => {
      execFile("/bin/sh", ["-c", command], { maxBuffer: 1024 * 1024 }, (error, stdout, stderr) => {
        resolve({ ok: error === null, output: `${stdout}${stderr}`.slice(-30_000) });
      });
    }),
};

const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

function end(result) {
  say({ type: "result", ...result });
  process.exitCode = result.ok ? 0 : 1;
}

async function ask(messages) {
  const response = await fetch(`${process.env.ANTHROPIC_BASE_URL}/v1/messages`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "anthropic-version": "2023-06-01",
      // A placeholder: the real key is put in its place outside.
      "x-api-key": process.env.ANTHROPIC_API_KEY ?? "",
    },
    body: JSON.stringify({ model, max_tokens: maxTokens, system, tools, messages }),
  });
  if (response.ok) return { message: await response.json() };
  return { status: response.status, failure: (await response.text()).slice(0, 500) };
}

async function work(name, input) {
  if (!Object.hasOwn(run, name)) return { ok: false, output: `There is no tool ${name}` };
  return await run[name](input);
}

async function useTool({ id, name, input }) {
  say({ type: "tool", id, name, input });
  const { ok, output } = await work(name, input).catch((error) => ({ ok: false, output: String(error) }));
  say({ type: "tool-end", id, ok, output });
  return { type: "tool_result", tool_use_id: id, content: output || "(nothing)", is_error: !ok };
}

say({ type: "start", model, tools: tools.map(({ name }) => name) });
const messages = [{ role: "user", content: await text(process.stdin) }];
let answer = "";
for (let turn = 1; ; turn += 1) {
  if (turn > maxTurns) {
    end({ ok: false, reason: "max-turns", text: `No end after ${maxTurns} turns`, turns: maxTurns });
    break;
  }
  const { message, status, failure } = await ask(messages).catch((error) => ({ failure: String(error) }));
  if (message === undefined) {
    end({ ok: false, reason: "api-error", status, text: failure, turns: turn });
    break;
  }
  say({ type: "usage", id: message.id, model: message.model, ...message.usage });
  for (const part of message.content) {
    if (part.type !== "text") continue;
    answer = part.text;
    say({ type: "text", id: message.id, text: part.text });
  }
  const calls = message.content.filter(({ type }) => type === "tool_use");
  if (calls.length === 0) {
    end({ ok: true, reason: "done", text: answer, turns: turn });
    break;
  }
  messages.push({ role: "assistant", content: message.content });
  const results = [];
  for (const call of calls) results.push(await useTool(call));
  messages.push({ role: "user", content: results });
}
