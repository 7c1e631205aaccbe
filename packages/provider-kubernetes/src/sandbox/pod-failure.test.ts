import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { podFailure, pullFailure, scheduleFailure } from "./pod-failure.ts";

type State = NonNullable<V1ContainerStatus["state"]>;

const container = (name: string, state: State): V1ContainerStatus => ({
  name,
  state,
  image: "registry.example/x@sha256:1",
  imageID: "",
  ready: false,
  restartCount: 0,
});
const waiting = (reason: string, message: string): V1Pod => ({
  status: { phase: "Pending", initContainerStatuses: [container("prepare", { waiting: { reason, message } })] },
});
const prepared = (terminated: State["terminated"]): V1Pod => ({
  status: { initContainerStatuses: [container("prepare", terminated === undefined ? {} : { terminated })] },
});
const ended = (reason: string, message: string): V1Pod => ({ status: { phase: "Failed", reason, message } });

describe("why a pod does not start", () => {
  const cases: readonly (readonly [what: string, pod: V1Pod, code: string, text: RegExp])[] = [
    ["an image that no registry has", waiting("ErrImagePull", "x: not found"), "template", /cannot pull.*not found/],
    [
      "an image that the nodes may not pull",
      waiting("ImagePullBackOff", "pull access denied"),
      "template",
      /imagePullSecrets/,
    ],
    [
      "an image for another processor",
      waiting("ErrImagePull", "no match for platform in manifest"),
      "template",
      /architecture/,
    ],
    ["an image that is not on the node", waiting("ErrImageNeverPull", "is not present"), "template", /registry/],
    ["an invalid name of an image", waiting("InvalidImageName", "couldn't parse"), "template", /InvalidImageName/],
    [
      "a secret that is missing",
      waiting("CreateContainerConfigError", 'secret "x" not found'),
      "invalid-options",
      /secret/,
    ],
    [
      "an image without glibc",
      prepared({ exitCode: 128, reason: "StartError", message: "node: no such file or directory" }),
      "template",
      /glibc/,
    ],
    ["memory that does not suffice", prepared({ exitCode: 137, reason: "OOMKilled" }), "quota", /memory limit/],
    [
      "an eviction",
      ended("Evicted", "The node was low on resource: ephemeral-storage."),
      "not-found",
      /evicted.*ephemeral/,
    ],
    [
      "the longest life",
      ended("DeadlineExceeded", "Pod was active on the node longer than"),
      "not-found",
      /longest life.*maxLifeHours/,
    ],
    ["a node that is lost", ended("NodeLost", ""), "not-found", /lost with its node/],
    [
      "a node that has less than was thought",
      ended("OutOfmemory", "Node didn't have enough resource"),
      "quota",
      /refused/,
    ],
  ];
  it.each(cases)("is distinguished: %s", (_, pod, code, text) => {
    const error = podFailure(pod);
    expect(error?.code).toBe(code);
    expect(`${error?.message} ${error?.hint}`).toMatch(text);
    expect(error?.message).not.toContain("\n");
    expect(error?.hint).toBeTruthy();
  });

  it("is not known while it may still start", () => {
    expect(podFailure({ status: { phase: "Pending" } })).toBeUndefined();
    expect(podFailure(waiting("ContainerCreating", ""))).toBeUndefined();
    expect(podFailure(waiting("ErrImagePull", "dial tcp: i/o timeout"))).toBeUndefined();
    expect(podFailure(prepared({ exitCode: 0 }))).toBeUndefined();
  });

  it("is what the registry said when pulls keep failing", () => {
    expect(pullFailure(waiting("ImagePullBackOff", "dial tcp: i/o timeout"))).toMatchObject({
      code: "template",
      message: expect.stringContaining("i/o timeout"),
    });
    expect(pullFailure(waiting("ContainerCreating", ""))).toBeUndefined();
  });

  it("is what the scheduler said when no node is found", () => {
    const message = "0/2 nodes are available: 2 Insufficient memory.";
    const conditions = [{ type: "PodScheduled", status: "False", reason: "Unschedulable", message }];
    expect(scheduleFailure({ status: { conditions } })).toMatchObject({
      code: "quota",
      message: expect.stringContaining("Insufficient memory"),
    });
    expect(scheduleFailure({ status: { conditions: [{ type: "PodScheduled", status: "True" }] } })).toBeUndefined();
  });

  it("is the supervisor's own word before an agent has run, and no word of a container afterwards", () => {
    const crashed = (annotations: Record<string, string>): V1Pod => ({
      metadata: { annotations },
      status: {
        containerStatuses: [container("sandbox", { terminated: { exitCode: 1, message: "it can be traced" } })],
      },
    });
    expect(podFailure(crashed({}))).toMatchObject({ code: "template", message: expect.stringContaining("traced") });
    expect(podFailure(crashed({ "glovebox.dev/wakes": "0" }))).toBeUndefined();
  });
});
