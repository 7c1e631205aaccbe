import assert from "node:assert/strict";
import type { Sandbox, SandboxErrorCode } from "@glovebox/core/provider";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import { pieces } from "../../bytes/pieces.ts";
import type { CaseContext } from "../../case-context.ts";
import type { ConformanceCase } from "../../conformance-case.ts";

type Cause = readonly [what: string, code: SandboxErrorCode, call: () => Promise<unknown>];

export const byCause: ConformanceCase = {
  name: "errors/by-cause",
  title:
    "Maps each cause to its code, in a one-line error that names the provider and is retryable only if a retry can help",
  async run(context) {
    const sandbox = await context.shared();
    const directory = await context.makeDirectory(sandbox);
    for (const [what, code, call] of causes(context, sandbox, directory)) {
      const error = await rejectsWith(code, call(), what);
      assert.equal(error.providerId, context.provider.id, `${what}: providerId`);
      assert.match(error.message, /^[^\n]{1,1000}$/, `${what}: one line`);
      assert.match(error.name, /Error$/, `${what}: a name`);
      assert.equal(error.retryable, false, `${what}: the same call fails again`);
      assert.equal(error.mayHaveCreated, false, `${what}: nothing was made`);
      assert.equal(error.retryAfterMs, undefined, `${what}: nobody asked to wait`);
    }
  },
};

function causes({ provider, spec }: CaseContext, sandbox: Sandbox, directory: string): readonly Cause[] {
  const { files } = sandbox;
  const aborted = { signal: AbortSignal.abort() };
  return [
    ["a sandbox that is not there", "not-found", () => provider.connect(sandbox.id.replace(/^.{8}/, "00000000"))],
    ["a process that is not there", "not-found", () => sandbox.attach("no-such-process", 0)],
    ["a file that is not there", "not-found", () => files.readStream(`${directory}/missing`)],
    ["a directory that is not there", "not-found", () => files.getArchive(`${directory}/missing`)],
    ["an invalid lease", "invalid-options", () => provider.create(spec({ ttlMs: -1 }))],
    ["a program that is not there", "process", () => sandbox.spawn(["/no/such/program"])],
    [
      "a directory to work in that is not there",
      "process",
      () => sandbox.spawn(["true"], { cwd: `${directory}/missing` }),
    ],
    ["a directory read as a file", "file", () => files.readStream(directory)],
    ["a file that may not be written", "file", () => files.writeStream("/etc/planted", pieces("x"))],
    ["bytes that are not a tar archive", "file", () => files.putArchive(directory, pieces("no archive"))],
    ["a call that is not wanted any more", "aborted", () => files.stat(directory, aborted)],
    [
      "a list that is not wanted any more",
      "aborted",
      () => provider.list({ labels: {} }, aborted)[Symbol.asyncIterator]().next(),
    ],
  ];
}
