import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { sandboxInfo, volumeInfo } from "./sandbox-info.ts";

const createdAt = new Date("2030-01-01T00:00:00Z");
const ended = new Date("2030-01-01T00:05:00Z");
const ttlMs = 60_000;
const soon = createdAt.getTime() + 1000;
const labels = { "glovebox.owner": "me", "glovebox.run": "run-1" };
const record = {
  key: "f".repeat(64),
  labels,
  template: "sha256:0",
  reference: "x",
  resources: {},
  ttlMs,
  attempt: "1",
};

interface PodFacts {
  readonly wakes?: number;
  readonly restarts?: number;
  readonly state?: V1ContainerStatus["state"];
  readonly lastState?: V1ContainerStatus["lastState"];
  readonly more?: Partial<V1Pod["metadata"]> & object;
  readonly status?: V1Pod["status"];
}

function podOf({
  wakes,
  restarts = 0,
  state = { running: {} },
  lastState = {},
  more = {},
  status = {},
}: PodFacts): V1Pod {
  const container = { name: "sandbox", image: "x", imageID: "", ready: true, restartCount: restarts, state, lastState };
  return {
    metadata: {
      name: "glovebox-1",
      namespace: "agents",
      creationTimestamp: createdAt,
      annotations: {
        "glovebox.dev/record": JSON.stringify(record),
        ...(wakes === undefined ? {} : { "glovebox.dev/wakes": String(wakes) }),
      },
      ...more,
    },
    status: { phase: "Running", containerStatuses: [container], ...status },
  };
}

const stateOf = (facts: PodFacts, now = soon) => sandboxInfo(podOf(facts), now)?.state;

describe("what the API server knows of a sandbox", () => {
  it("is what it was created with", () => {
    expect(sandboxInfo(podOf({ wakes: 0 }), soon)).toEqual({
      id: "glovebox-1.agents",
      state: "running",
      labels,
      createdAt,
      templateDigest: "sha256:0",
      rootInside: false,
    });
  });

  it("is nothing for a pod of somebody else", () => {
    expect(sandboxInfo({ metadata: { name: "x", namespace: "y" } })).toBeUndefined();
    const annotations = { "glovebox.dev/record": '{"labels":' };
    expect(sandboxInfo({ metadata: { name: "x", namespace: "y", annotations } })).toBeUndefined();
  });

  it("starts until its lease is set, and has stopped where nobody sets it in time", () => {
    expect(stateOf({})).toBe("starting");
    expect(stateOf({}, createdAt.getTime() + ttlMs + 1)).toBe("stopped");
  });

  it("has stopped once its supervisor has ended more often than it was woken", () => {
    const terminated = { exitCode: 0, finishedAt: ended };
    expect(stateOf({ wakes: 0, state: { terminated } })).toBe("stopped");
    expect(stateOf({ wakes: 0, restarts: 1, lastState: { terminated } })).toBe("stopped");
    expect(
      stateOf({ wakes: 0, restarts: 1, state: { waiting: { reason: "CrashLoopBackOff" } }, lastState: { terminated } }),
    ).toBe("stopped");
    expect(stateOf({ wakes: 1, restarts: 1, lastState: { terminated } })).toBe("running");
  });

  it("stopped at the same moment before and after its container starts again", () => {
    const terminated = { exitCode: 0, finishedAt: ended };
    const before = sandboxInfo(podOf({ wakes: 0, state: { terminated } }), soon);
    const after = sandboxInfo(podOf({ wakes: 0, restarts: 1, lastState: { terminated } }), soon);
    expect([before?.leaseEndsAt, after?.leaseEndsAt]).toEqual([ended, ended]);
  });

  it("has stopped where the cluster ended the pod", () => {
    expect(stateOf({ wakes: 0, status: { phase: "Failed", reason: "Evicted" } })).toBe("stopped");
  });

  it("is unknown while the pod is being removed, or while its node is silent", () => {
    expect(stateOf({ wakes: 0, more: { deletionTimestamp: ended } })).toBe("unknown");
    const conditions = [
      { type: "ContainersReady", status: "True" },
      { type: "Ready", status: "False" },
    ];
    const { containerStatuses } = podOf({ wakes: 0 }).status ?? {};
    expect(stateOf({ wakes: 0, status: { conditions, ...(containerStatuses && { containerStatuses }) } })).toBe(
      "unknown",
    );
  });

  it("is a volume where its pod is gone: as old as it was, and stopped once its lease has ended", () => {
    const first = new Date("2029-12-31T00:00:00Z").toISOString();
    const annotations = {
      "glovebox.dev/record": JSON.stringify({ ...record, createdAt: first }),
      "glovebox.dev/lease-ends": ended.toISOString(),
    };
    const claim = { metadata: { name: "glovebox-1", namespace: "agents", creationTimestamp: createdAt, annotations } };
    const known = { id: "glovebox-1.agents", createdAt: new Date(first), leaseEndsAt: ended };
    expect(volumeInfo(claim, ended.getTime() - 1)).toMatchObject({ ...known, state: "unknown" });
    expect(volumeInfo(claim, ended.getTime() + 60_000)).toMatchObject({ ...known, state: "stopped" });
  });
});
