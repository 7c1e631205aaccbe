import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { createConsent, createTrustQuestion, createValueQuestion, mayAsk } from "./consent.ts";
import { Output } from "./output.ts";
import type { Environment, Terminal } from "./terminal.ts";

/** A terminal at which somebody could answer. */
function terminal(env: Environment = {}): Terminal {
  const output = new Output(Object.assign(new PassThrough(), { isTTY: true }), env);
  return { env, cwd: "/", stdin: { isTTY: true } as Terminal["stdin"], stdout: output, stderr: output };
}

describe("who is asked", () => {
  it("is somebody at a terminal, and nobody in CI, with --json, with --no-input or with GLOVEBOX_NO_INPUT", () => {
    expect(mayAsk(terminal(), {})).toBe(true);
    expect(mayAsk(terminal({ GLOVEBOX_NO_INPUT: "0" }), {})).toBe(true);
    expect(mayAsk(terminal({ GLOVEBOX_NO_INPUT: "1" }), {})).toBe(false);
    expect(mayAsk(terminal({ CI: "true" }), {})).toBe(false);
    expect(mayAsk(terminal(), { noInput: true })).toBe(false);
    expect(mayAsk(terminal(), { json: true })).toBe(false);
  });

  it("gives no answer where nobody is asked: only --yes agrees, and to nothing that is a matter of trust", async () => {
    const never = { noInput: true };
    expect(await createConsent(terminal(), never)("Install?")).toBe(false);
    expect(await createConsent(terminal(), { ...never, yes: true })("Install?")).toBe(true);
    expect(await createTrustQuestion(terminal(), { ...never, yes: true })("Reach it?")).toBeUndefined();
    expect(await createValueQuestion(terminal(), { ...never, yes: true })("Which?")).toBeUndefined();
  });
});
