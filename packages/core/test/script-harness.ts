import type { Harness } from "../src/harness/index.ts";

/** The prompt is a script; a line `done` is its final result. */
export const scriptHarness: Harness = {
  specificationVersion: 1,
  id: "script",
  endpoints: [
    {
      id: "nowhere",
      upstream: "http://127.0.0.1:9",
      baseUrlVariable: "NOWHERE_URL",
      paths: [{ method: "GET", path: "/" }],
    },
  ],
  credentials: [{ variable: "KEY", kind: "api-key", endpointId: "nowhere", header: "x-api-key", placeholder: "none" }],
  template: () => ({ id: "script", npmPackage: "x", npmVersion: "1", check: { argv: ["true"], prints: "" } }),
  command: ({ prompt, workspaceDir }) => ({
    argv: ["sh", "-c", prompt],
    stdin: Buffer.alloc(0),
    env: {},
    cwd: workspaceDir,
  }),
  async *parse(lines) {
    for await (const { line } of lines) {
      if (line === "done") yield { type: "harness.result", ok: true, reason: "done", message: "Done.", turns: 1 };
    }
  },
  outcome: (result, { reason }) =>
    result === undefined
      ? { ok: false, reason: "no-result", message: `ended (${reason})` }
      : { ok: true, reason: "done", message: "Done." },
  interrupt: (process) => process.kill("SIGINT"),
};
