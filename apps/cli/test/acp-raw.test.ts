import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { setStage } from "./support/stage.ts";

interface Answer {
  readonly id: number | null;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
}

it("glovebox acp answers whatever an editor sends with an error of the protocol, and ends with its input", async () => {
  await using stage = await setStage({ turns: [] }, { engine: false });
  const { directory } = stage;
  writeFileSync(join(directory, "file.txt"), "x");
  const [file, ...args] = stage.argv(["acp"]);
  const child = spawn(file, args, { cwd: stage.temporary, env: stage.env, stdio: "pipe" });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value ?? "null") as Answer;
  let count = 0;
  const send = (line: string) => void child.stdin.write(`${line}\n`);
  const request = (method: string, params: unknown) => {
    count += 1;
    send(JSON.stringify({ jsonrpc: "2.0", id: count, method, params }));
    return count;
  };
  const refused = async (method: string, params: unknown) => {
    const id = request(method, params);
    const { error, ...rest } = await answer();
    expect(rest, JSON.stringify(error)).toEqual({ jsonrpc: "2.0", id });
    return `${error?.code} ${error?.message}`;
  };
  const fresh = (params: object) => refused("session/new", { mcpServers: [], ...params });
  try {
    expect(await refused("session/prompt", { sessionId: "none", prompt: [] })).toMatch(/^-32600 .*must be initialized/);
    const id = request("initialize", { protocolVersion: 999 });
    expect(await answer()).toMatchObject({ id, result: { protocolVersion: 1 } });
    for (const [line, code] of [
      ["no JSON", -32700],
      ["[]", -32600],
      ["7", -32600],
      ['{"jsonrpc":"2.0"}', -32600],
      ['{"id":1,"method":"session/list"}', -32600],
      [`"${"x".repeat(33 * 1024 * 1024)}`, -32600],
    ] as const) {
      send(line);
      expect(await answer()).toMatchObject({ id: null, error: { code } });
    }
    // Neither is answered: the one is a notification, the other belongs to no request.
    send('{"jsonrpc":"2.0","method":"session/cancel","params":7}');
    send('{"jsonrpc":"2.0","id":99,"result":{}}');
    expect(await refused("session/unknown", {})).toMatch(/^-32601 /);
    expect(await fresh({})).toMatch(/^-32602 /);
    expect(await fresh({ cwd: "here" })).toBe("-32602 The directory of the session is not an absolute path: here");
    for (const cwd of [join(directory, "missing"), join(directory, "file.txt"), join(directory, "file.txt/x")])
      expect(await fresh({ cwd })).toBe(`-32602 The directory of the session is not a directory: ${cwd}`);
    for (const cwd of [`${directory}\0`, `/${"x".repeat(5000)}`])
      expect(await fresh({ cwd })).toMatch(/^-32602 The directory of the session cannot be used \(E/);
    expect(await fresh({ cwd: directory, mcpServers: "all" })).toMatch(/^-32602 /);
    expect(await fresh({ cwd: directory, additionalDirectories: ["/"] })).toContain("and a session has one");
    for (const method of ["session/load", "session/resume"]) {
      const params = { sessionId: "../../\u001b[2J", cwd: directory, mcpServers: [] };
      expect(await refused(method, params)).toMatch(/^-32002 There is no session \.\.\/\.\.\/ of the directory /);
    }
    expect(await refused("session/close", { sessionId: "none" })).toMatch(/^-32002 /);
    expect(await refused("session/list", { cwd: "/none" })).toMatch(/^-32602 /);
    request("session/new", { cwd: directory, mcpServers: [] });
    const { sessionId } = (await answer()).result as { readonly sessionId: string };
    const prompt = (...blocks: readonly object[]) => refused("session/prompt", { sessionId, prompt: blocks });
    expect(await prompt()).toBe("-32602 The prompt is empty");
    expect(await prompt({ type: "image", data: "AAAA", mimeType: "image/png" })).toContain("The prompt has an image");
    expect(await prompt({ type: "audio", data: "AAAA", mimeType: "audio/wav" })).toContain(
      "The prompt has a recording",
    );
    expect(await prompt({ type: "resource", resource: { uri: "file:///x", blob: "AAAA" } })).toContain(
      "The prompt has a file that is not text",
    );
    expect(await prompt({ type: "video" })).toMatch(/^-32602 /);
    expect(await prompt({ type: "text", text: "x".repeat(11 * 1024 * 1024) })).toContain(
      "-32602 The prompt is longer than 10 MiB",
    );
    expect(await refused("session/set_mode", { sessionId, modeId: "yolo" })).toBe(
      "-32602 There is no mode yolo. The modes are free and ask.",
    );
    expect(await refused("session/set_mode", { sessionId: "none", modeId: "ask" })).toMatch(/^-32002 /);
  } finally {
    child.stdin.end();
  }
  expect(await once(child, "exit"), stderr).toEqual([0, null]);
});

it("glovebox acp ends at a signal although its editor does not read what it says", async () => {
  await using stage = await setStage({ turns: [] }, { engine: false });
  const [file, ...args] = stage.argv(["acp"]);
  const child = spawn(file, args, { cwd: stage.temporary, env: stage.env, stdio: "pipe" });
  const message = (id: number, method: string, params: unknown) =>
    `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;
  const refused = { cwd: `here${"x".repeat(2000)}`, mcpServers: [] };
  const requests = Array.from({ length: 1000 }, (_, index) => message(index + 1, "session/new", refused));
  const sent = [message(0, "initialize", { protocolVersion: 1, clientCapabilities: {} }), ...requests].join("");
  await new Promise((resolve) => child.stdin.write(sent, resolve));
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});
