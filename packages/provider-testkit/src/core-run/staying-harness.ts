import type { Harness } from "@glovebox/core/harness";

/** A harness without a model that puts a file into the workspace, says so, and stays until it is ended. */
export const stayingHarness: Harness = {
  specificationVersion: 1,
  id: "testkit-staying",
  endpoints: [{ id: "testkit", upstream: "http://model.test", baseUrlVariable: "TESTKIT_URL", paths: [] }],
  credentials: [
    { variable: "TESTKIT_KEY", kind: "api-key", endpointId: "testkit", header: "x-api-key", placeholder: "none" },
  ],
  template: () => ({ id: "testkit-staying", npmPackage: "none", npmVersion: "0.0.0", check: { argv: [], prints: "" } }),
  command: ({ workspaceDir }) => ({
    argv: ["/bin/sh", "-c", "echo work > work; echo staying; sleep 1000"],
    stdin: new Uint8Array(),
    env: {},
    cwd: workspaceDir,
  }),
  async *parse(lines) {
    for await (const { stream, line } of lines) yield { type: "harness.raw", stream, line };
  },
  outcome: () => ({ ok: false, reason: "no-result", message: "It was ended" }),
  interrupt: (process) => process.kill(),
};
