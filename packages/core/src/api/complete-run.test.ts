import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Harness } from "../harness/index.ts";
import { type SandboxProvider, Secret } from "../provider/index.ts";
import { completeRun } from "./complete-run.ts";

const harness = {
  id: "script",
  endpoints: [{ id: "api", upstream: "https://api.example", baseUrlVariable: "API_URL", paths: [] }],
  credentials: ["FIRST_KEY", "SECOND_KEY"].map((variable) => ({
    variable,
    kind: "api-key",
    endpointId: "api",
    header: "x-api-key",
    placeholder: "none",
  })),
} as unknown as Harness;
const input = { prompt: "Write", provider: {} as SandboxProvider, harness };
const around = { runId: "20260101-000000-abcdef", cwd: "/project", env: { HOME: "/home/me", SECOND_KEY: "key" } };

describe("completeRun", () => {
  it("takes the credential from the environment, and the directories from the current one and the home", () => {
    expect(completeRun(input, around)).toEqual({
      provider: input.provider,
      harness,
      task: { prompt: "Write" },
      credential: { variable: "SECOND_KEY", secret: new Secret("SECOND_KEY", "key") },
      outputDirectory: "/project/sandbox-20260101-000000-abcdef",
      home: join("/home/me", ".glovebox"),
    });
  });

  it("keeps what the input says", () => {
    const credential = { variable: "FIRST_KEY", secret: new Secret("FIRST_KEY", "own") };
    const options = {
      ...input,
      task: { model: "small" },
      credential,
      outputDirectory: "out",
      home: "/state",
      keep: true,
    };
    expect(completeRun(options, around)).toMatchObject({
      task: { prompt: "Write", model: "small" },
      credential,
      outputDirectory: "/project/out",
      home: "/state",
      keep: true,
    });
  });

  it("sends requests where the environment moves the API", () => {
    const env = { ...around.env, API_URL: "https://proxy.example/api" };
    expect(completeRun(input, { ...around, env }).credential.upstream).toBe("https://proxy.example/api");
  });

  it("rejects an environment without a credential, and names the variables", () => {
    expect(() => completeRun(input, { ...around, env: {} })).toThrow(
      expect.objectContaining({ code: "authentication", hint: "Set FIRST_KEY or SECOND_KEY." }),
    );
  });

  it("rejects a credential that no header can carry, without repeating it", () => {
    const env = { FIRST_KEY: "two words" };
    expect(() => completeRun(input, { ...around, env })).toThrow(/^FIRST_KEY from the environment holds a space/);
  });
});
