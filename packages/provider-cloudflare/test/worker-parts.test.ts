import { doorTokenHeader, egressPort, supervisorConfigVariable, supervisorPaths } from "@glovebox/supervisor";
import { describe, expect, it, vi } from "vitest";
import { answer } from "../worker/answer.ts";
import { boxId } from "../worker/box-spec.ts";
import { InTurn } from "../worker/in-turn.ts";
import { startFailure } from "../worker/start-failure.ts";
import * as facts from "../worker/supervisor-facts.ts";
import { readWorkerSettings } from "../worker/worker-settings.ts";

it("knows the supervisor's variable, port, header and folder as the supervisor itself does", () => {
  expect(facts.supervisorConfigVariable).toBe(supervisorConfigVariable);
  expect(facts.supervisorEgressPort).toBe(egressPort);
  expect(facts.doorTokenHeader).toBe(doorTokenHeader);
  expect(`${facts.supervisorFolder}/supervisor.cjs`).toBe(supervisorPaths.file);
  expect(facts.doorPort).not.toBe(egressPort);
});

describe("a container that did not start", () => {
  it.each([
    ["No such image available named base:1", "template"],
    ["Snapshot 'x' not found", "template"],
    ["Maximum number of running container instances exceeded. Try again later", "quota"],
    ["there is no container instance that can be provided to this durable object", "unavailable"],
    ["Containers are not enabled for this account", "quota"],
    ["Container exited with unexpected exit code: 1", "unavailable"],
  ])("by the platform's words %j is %s", (words, code) => {
    const { message, ...failure } = startFailure(new Error(words));
    expect([failure.code, message]).toEqual([code, expect.stringContaining(words)]);
  });
});

describe("an error that is none of the Worker's own", () => {
  const fails = (error: Error) => answer(() => Promise.reject(error));

  it.each([
    [{ overloaded: true }, 429, "rate-limited"],
    [{ retryable: true }, 503, "unavailable"],
  ])("is told by the platform's mark %j", async (mark, status, code) => {
    const answered = await fails(Object.assign(new Error("the platform's words"), mark));
    expect(answered.status).toBe(status);
    expect(await answered.json()).toEqual({
      error: { code, message: expect.any(String), retryAfterMs: expect.any(Number) },
    });
    expect(answered.headers.get("retry-after")).toMatch(/^\d+$/);
  });

  it("is logged and not told", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const answered = await fails(new Error("a secret"));
    expect([answered.status, await answered.text()]).toEqual([500, expect.not.stringContaining("a secret")]);
    expect(log).toHaveBeenCalledOnce();
    log.mockRestore();
  });
});

describe("the Worker's settings", () => {
  const settingsOf = (given: unknown) => readWorkerSettings({ GLOVEBOX_SETTINGS: given });

  it("are an object or its JSON", () => {
    expect(settingsOf({ retentionDays: 3 })).toEqual(settingsOf('{ "retentionDays": 3 }'));
    expect(settingsOf(undefined)).toEqual(settingsOf(""));
  });

  it("have the local runtime's own inactivity where they say none", () => {
    const local = { GLOVEBOX_INACTIVITY_MS: "60000" };
    expect(readWorkerSettings(local).inactivityMs).toBe(60_000);
    expect(readWorkerSettings({ ...local, GLOVEBOX_SETTINGS: { inactivityMs: 30_000 } }).inactivityMs).toBe(30_000);
    expect(settingsOf({}).inactivityMs).toBe(3_600_000);
  });

  it.each([
    ["no JSON", "{"],
    ["an unknown name", { nope: 1 }],
    ["a default that may not be asked for", { instanceTypes: ["lite"] }],
    ["a retention past the platform's own", { retentionDays: 31 }],
  ])("are refused for %s", (_what, settings) => {
    expect(() => settingsOf(settings)).toThrow(/GLOVEBOX_SETTINGS/);
  });
});

it("gives one key one id, and another another", async () => {
  expect(await boxId("one")).toMatch(/^[0-9a-f]{32}$/);
  expect(await boxId("one")).toBe(await boxId("one"));
  expect(await boxId("one")).not.toBe(await boxId("other"));
});

it("does one thing after the other, whatever becomes of the first", async () => {
  const turn = new InTurn();
  const done: string[] = [];
  const first = turn.run(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    done.push("first");
    throw new Error("it fails");
  });
  const second = turn.run(async () => done.push("second"));
  await expect(first).rejects.toThrow("it fails");
  await second;
  expect(done).toEqual(["first", "second"]);
});
