import {
  SandboxError,
  type SandboxErrorCode,
  SandboxNotFoundError,
  SandboxQuotaError,
  TemplateError,
} from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { clusterIdentity } from "../cluster/cluster-identity.ts";
import { hasEnded, wakesOf } from "../pod/pod-facts.ts";

const providerId = clusterIdentity.id;

/** With what a supervisor exits that does not serve. */
const supervisorRefusal = 1;

/** Why a pod will not start, or has ended permanently; `undefined` while it may still start. */
export function podFailure(pod: V1Pod): SandboxError | undefined {
  if (hasEnded(pod)) return endOf(pod);
  const { initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {};
  for (const status of initContainerStatuses) {
    const failure = waitingFailure(status) ?? prepareFailure(status);
    if (failure !== undefined) return failure;
  }
  for (const status of containerStatuses) {
    const failure = waitingFailure(status) ?? (wakesOf(pod) === undefined ? refusal(status) : undefined);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Why a pod that the cluster has ended cannot be used: its files were on its node, and are gone with it. */
export function endOf({ metadata, status }: V1Pod): SandboxError {
  const { reason = "", message = "" } = status ?? {};
  const said = safeLine(message || reason || "it does not say why");
  if (/^(OutOf|Unexpected?Admission|NodeAffinity|NodePorts|Preempting)/.test(reason)) {
    const hint = "The node had less free than the scheduler thought. Try again, or ask for less.";
    return new SandboxQuotaError(`The node refused the pod ${metadata?.name}: ${said}`, {
      providerId,
      hint,
      retryable: true,
    });
  }
  const known = ends.find(([pattern]) => pattern.test(reason));
  const [, what, hint] = known ?? [undefined, "was ended by the cluster", "Look at `kubectl describe pod` of it."];
  return new SandboxNotFoundError(`The pod ${metadata?.name} ${what}, and its files are gone: ${said}`, {
    providerId,
    hint,
  });
}

const ends: readonly (readonly [RegExp, string, string])[] = [
  [
    /^Evicted$/,
    "was evicted from its node",
    "Its node ran out of something, or the pod exceeded ephemeralStorageMiB. With storageClass its files survive.",
  ],
  [/^DeadlineExceeded$/, "reached the longest life of a sandbox", "Raise maxLifeHours."],
  [/^(NodeLost|NodeShutdown|Terminated|Shutdown)$/, "was lost with its node", "With storageClass its files survive."],
];

/** The cluster's words for a container that it cannot start, and will not however long one waits. */
const lasting: Readonly<Record<string, readonly [code: SandboxErrorCode, hint: string]>> = {
  ErrImageNeverPull: [
    "template",
    "The image is not on the node: load it (`kind load docker-image`, `k3s ctr images import`, `minikube image load`), or set registry.",
  ],
  InvalidImageName: ["template", "Prepare the template again."],
  ImageInspectError: ["template", "The node cannot read the image: prepare the template again."],
  CreateContainerConfigError: [
    "invalid-options",
    "The image or the pod template asks for what the cluster does not have or allow.",
  ],
  CreateContainerError: ["template", "The node cannot make a container of the image."],
  RunContainerError: ["template", "The node cannot run the image. Is it of the node's architecture? Set architecture."],
};

function waitingFailure({ name, image, state }: V1ContainerStatus): SandboxError | undefined {
  const { reason = "", message = "" } = state?.waiting ?? {};
  const known = Object.hasOwn(lasting, reason) ? lasting[reason] : undefined;
  if (known === undefined) return isDenied(reason, message) ? imageFailure(image, message) : undefined;
  const [code, hint] = known;
  return new SandboxError(code, `The container ${name} of ${image} does not start (${reason}): ${safeLine(message)}`, {
    providerId,
    hint,
  });
}

const pullReasons = ["ErrImagePull", "ImagePullBackOff", "RegistryUnavailable", "SignatureValidationFailed"];

/** Whether the pod says why a pull has failed, and not only that it waits for the next attempt. */
export function isPulling({ status }: V1Pod): boolean {
  const all = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  return all.some(({ state }) => state?.waiting?.reason === "ErrImagePull");
}

/** A registry that knows nothing of the image, or refuses it, answers the same the next time. */
function isDenied(reason: string, message: string): boolean {
  return (
    pullReasons.includes(reason) &&
    /not found|manifest unknown|does not exist|denied|unauthorized|forbidden|authorization failed|no match for platform|invalid reference/i.test(
      message,
    )
  );
}

/** The failure of a pull that the node repeats; `undefined` where none has failed. */
export function pullFailure({ status }: V1Pod): SandboxError | undefined {
  for (const { image, state } of [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]) {
    if (pullReasons.includes(state?.waiting?.reason ?? "")) return imageFailure(image, state?.waiting?.message ?? "");
  }
  return undefined;
}

function imageFailure(image: string, message: string): TemplateError {
  const hint = /no match for platform/.test(message)
    ? "The image is not built for the node's processor: set architecture."
    : "Does the registry have it, may the nodes pull it (imagePullSecrets), and can they reach the registry?";
  return new TemplateError(`The node cannot pull the image ${image}: ${safeLine(message)}`, { providerId, hint });
}

/** What prepares a pod ends with 0, or says in one line why it cannot. */
function prepareFailure({ name, image, state, lastState }: V1ContainerStatus): SandboxError | undefined {
  const { exitCode = 0, reason = "", message = "" } = state?.terminated ?? lastState?.terminated ?? {};
  if (exitCode === 0) return undefined;
  if (reason === "OOMKilled") {
    const hint = "Ask for more.";
    return new SandboxQuotaError("The memory limit is too small for a sandbox to start", {
      providerId,
      hint,
      remedy: { raise: "memoryMiB" },
    });
  }
  const said = safeLine(message) || `${reason} ${exitCode}`;
  const hint = /no such file or directory|not found/.test(said)
    ? "The image needs glibc 2.28 or newer: use a Debian, Ubuntu or Fedora variant of it, not Alpine."
    : /exec format error/.test(said)
      ? "The image is not built for the node's processor: set architecture."
      : "Look at the pod's events and the log of this container.";
  return new TemplateError(`The pod cannot be prepared (${name} of ${image}): ${said}`, { providerId, hint });
}

/** A supervisor that refuses to serve says why. Nothing of the agent has run before, so that it can be believed. */
function refusal({ image, state, lastState }: V1ContainerStatus): SandboxError | undefined {
  const { exitCode, message = "" } = state?.terminated ?? lastState?.terminated ?? {};
  if (exitCode !== supervisorRefusal || message === "") return undefined;
  const hint = /trace/.test(message)
    ? "Where the runtime allows no better, set allowTraceable."
    : "Build the template again.";
  return new TemplateError(`The supervisor of ${image} does not start: ${safeLine(message)}`, { providerId, hint });
}

/** Why the scheduler finds no node for a pod; `undefined` once it has found one. */
export function scheduleFailure({ status }: V1Pod): SandboxError | undefined {
  const condition = status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (condition === undefined || condition.status === "True") return undefined;
  const said = safeLine(condition.message ?? condition.reason ?? "");
  return new SandboxQuotaError(`No node was found for the pod: ${said}`, {
    providerId,
    hint: "Ask for less, remove ended sandboxes with `glovebox reap`, or add nodes; check nodeSelector, tolerations and runtimeClass.",
  });
}
