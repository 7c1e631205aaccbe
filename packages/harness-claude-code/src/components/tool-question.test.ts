import { type HarnessLine, noComponents, type PermissionQuestion } from "@glovebox/core/harness";
import { expect, it } from "vitest";
import { createClaudeCode } from "../index.ts";

const question = (id: string, input: object) => ({
  type: "control_request",
  request_id: id,
  request: { subtype: "can_use_tool", tool_name: "Bash", input, tool_use_id: `call-${id}` },
});

it("answers what Claude Code asks while it works, and ends its input after the result", async () => {
  const task = { prompt: "p", workspaceDir: "/workspace", asksPermission: true as const };
  const { components } = createClaudeCode();
  const { argv } = components?.command(task, { expected: noComponents }) ?? { argv: [] };
  expect(argv.join(" ")).toContain("--permission-prompt-tool stdio --permission-mode default");
  expect(argv).not.toContain("--dangerously-skip-permissions");
  const written: { readonly response?: { readonly request_id: string; readonly response: object } }[] = [];
  const questions: PermissionQuestion[] = [];
  let closed = 0;
  const said = [
    question("1", { command: "ls" }),
    question("2", { command: "rm" }),
    { type: "control_request", request_id: "3", request: { subtype: "can_use_tool", tool_name: 7 } },
    question("5", { command: "x".repeat(1024 * 1024) }),
    { type: "result", result: "done" },
  ];
  const dialogue = {
    lines: (async function* (): AsyncGenerator<HarnessLine> {
      for (const one of said) yield { stream: "stdout", line: JSON.stringify(one) };
      yield { stream: "stdout", line: '{"can_use_tool"' };
      yield { stream: "stderr", line: JSON.stringify(question("4", {})) };
    })(),
    write: async (text: string) => void written.push(JSON.parse(text)),
    closeInput: async () => {
      closed += 1;
    },
    warn: () => {},
    run: async () => "",
    permit: async (one: PermissionQuestion) => {
      questions.push(one);
      return one.callId === "call-1";
    },
  };
  const lines: string[] = [];
  for await (const { line } of components?.start(dialogue, task, noComponents) ?? []) lines.push(line);
  expect(lines).toHaveLength(7);
  expect(questions.map(({ name, input }) => [name, input])).toEqual([
    ["Bash", { command: "ls" }],
    ["Bash", { command: "rm" }],
  ]);
  expect(written.flatMap(({ response }) => response ?? [])).toMatchObject([
    { request_id: "1", response: { behavior: "allow", updatedInput: { command: "ls" } } },
    { request_id: "2", response: { behavior: "deny" } },
    { request_id: "5", response: { behavior: "deny", message: "The input is too long to ask the user." } },
  ]);
  expect(closed).toBe(1);
});

it("reads no further where a program asks and reads no answer", async () => {
  let count = 0;
  const dialogue = {
    lines: (async function* (): AsyncGenerator<HarnessLine> {
      for (; count < 100; count += 1) yield { stream: "stdout", line: JSON.stringify(question(String(count), {})) };
    })(),
    write: (text: string) => (text.includes("control_response") ? new Promise<void>(() => {}) : Promise.resolve()),
    closeInput: async () => {},
    warn: () => {},
    run: async () => "",
    permit: async () => true,
  };
  const task = { prompt: "p", workspaceDir: "/workspace", asksPermission: true as const };
  const lines = createClaudeCode().components?.start(dialogue, task, noComponents)[Symbol.asyncIterator]();
  for (let index = 0; index < 64; index += 1) await lines?.next();
  void lines?.next();
  for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
  expect(count).toBe(63);
});
