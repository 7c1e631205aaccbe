import { egressPort, endpointTokenHeader, supervisorConfigVariable, supervisorPaths } from "@glovebox/supervisor";
import pLimit from "p-limit";
import { describe, expect, it, vi } from "vitest";
import { handleErrors } from "../worker/http/handle-errors.ts";
import { sandboxIdOf } from "../worker/sandbox/sandbox-spec.ts";
import { startFailure } from "../worker/sandbox/start-failure.ts";
import { readWorkerSettings } from "../worker/settings/worker-settings.ts";
import * as facts from "../worker/supervisor/supervisor-facts.ts";

it("has the same variable, port, header and directory as the supervisor", () => {
  expect(facts.supervisorConfigVariable).toBe(supervisorConfigVariable);
  expect(facts.supervisorEgressPort).toBe(egressPort);
  expect(facts.endpointTokenHeader).toBe(endpointTokenHeader);
  expect(`${facts.supervisorDirectory}/supervisor.cjs`).toBe(supervisorPaths.file);
  expect(facts.supervisorPort).not.toBe(egressPort);
});

describe("a container that did not start", () => {
  it.each([
    ["No such image available named base:1", "template"],
    ["Snapshot 'x' not found", "template"],
    ["Maximum number of running container instances exceeded. Try again later", "quota"],
    ["there is no container instance that can be provided to this durable object", "unavailable"],
    ["Containers are not enabled for this account", "quota"],
    ["Container exited with unexpected exit code: 1", "unavailable"],
  ])("with the platform's reason %j is %s", (words, code) => {
    const { message, ...failure } = startFailure(new Error(words));
    expect([failure.code, message]).toEqual([code, expect.stringContaining(words)]);
  });
});

describe("an unexpected error", () => {
  const fails = (error: Error) => handleErrors(() => Promise.reject(error));

  it.each([
    [{ overloaded: true }, 429, "rate-limited"],
    [{ retryable: true }, 503, "unavailable"],
  ])("is mapped by the platform's property %j", async (mark, status, code) => {
    const answered = await fails(Object.assign(new Error("the platform's words"), mark));
    expect(answered.status).toBe(status);
    expect(await answered.json()).toEqual({
      error: { code, message: expect.any(String), retryAfterMs: expect.any(Number) },
    });
    expect(answered.headers.get("retry-after")).toMatch(/^\d+$/);
  });

  it("is logged and not returned", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const answered = await fails(new Error("a secret"));
    expect([answered.status, await answered.text()]).toEqual([500, expect.not.stringContaining("a secret")]);
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});

describe("the Worker's settings", () => {
  const settingsOf = (settings: unknown) => readWorkerSettings({ GLOVEBOX_SETTINGS: settings });

  it("are an object or its JSON", () => {
    expect(settingsOf({ retentionDays: 3 })).toEqual(settingsOf('{ "retentionDays": 3 }'));
    expect(settingsOf(undefined)).toEqual(settingsOf(""));
  });

  it("default to the local runtime's inactivity timeout", () => {
    const local = { GLOVEBOX_INACTIVITY_MS: "60000" };
    expect(readWorkerSettings(local).inactivityMs).toBe(60_000);
    expect(readWorkerSettings({ ...local, GLOVEBOX_SETTINGS: { inactivityMs: 30_000 } }).inactivityMs).toBe(30_000);
    expect(settingsOf({}).inactivityMs).toBe(3_600_000);
  });

  it.each([
    ["invalid JSON", "{"],
    ["an unknown name", { nope: 1 }],
    ["a default that is not allowed", { instanceTypes: ["lite"] }],
    ["a retention longer than the platform's", { retentionDays: 31 }],
  ])("are rejected for %s", (_what, settings) => {
    expect(() => settingsOf(settings)).toThrow(/GLOVEBOX_SETTINGS/);
  });
});

it("derives a distinct id from each key", async () => {
  expect(await sandboxIdOf("one")).toMatch(/^[0-9a-f]{32}$/);
  expect(await sandboxIdOf("one")).toBe(await sandboxIdOf("one"));
  expect(await sandboxIdOf("one")).not.toBe(await sandboxIdOf("other"));
});

it("runs the next operation after the previous one failed", async () => {
  const runExclusive = pLimit(1);
  const done: string[] = [];
  const first = runExclusive(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    done.push("first");
    throw new Error("it fails");
  });
  const second = runExclusive(async () => done.push("second"));
  await expect(first).rejects.toThrow("it fails");
  await second;
  expect(done).toEqual(["first", "second"]);
});
