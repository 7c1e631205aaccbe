import { supervisorModes, supervisorPaths, unprivilegedCommand } from "@glovebox/supervisor";
import type { V1Container } from "@kubernetes/client-node";
import { readReference } from "../template/template-reference.ts";
import { containerName } from "./pod-names.ts";
import type { PodOptions } from "./pod-options.ts";
import { containerResources, type PodLimits } from "./pod-resources.ts";
import { prepareSecurity, restricted } from "./pod-security.ts";
import { partsDir, prepareMounts, preparePaths, sandboxMounts, toolsMounts } from "./pod-volumes.ts";
import { prepareVariables, supervisorVariables } from "./supervisor-variables.ts";

const { node, busybox, file } = supervisorPaths;

/** These may run and not be read: the kernel then keeps the agent, who is the same user, from reading or tracing them. */
const copyParts = `cp -dR ${partsDir}/. ${preparePaths.parts}/ && cd ${preparePaths.parts}/bin && chmod 0111 node tini busybox`;

/** What reaches the supervisor of a running sandbox over standard input and output. */
export const bridgeCommand: readonly string[] = [node, file, supervisorModes.connect];

export function sandboxContainer(options: PodOptions, limits: PodLimits): V1Container {
  const { record, settings } = options;
  const { image, tools } = readReference(record.reference);
  return {
    name: containerName,
    ...ofImage(image),
    command: [...unprivilegedCommand({ openFiles: limits.openFiles, addsPrograms: tools !== undefined })],
    args: [],
    workingDir: "/",
    env: supervisorVariables(options),
    volumeMounts: sandboxMounts({ hasTools: tools !== undefined }),
    resources: containerResources(limits, settings),
    securityContext: restricted,
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
}

/** What makes the pod ready for the agent: Glovebox's parts where the image lacks them, the volume, and the seal. */
export function initContainers(options: PodOptions, limits: PodLimits): V1Container[] {
  const { record, seal, settings } = options;
  const { image, tools } = readReference(record.reference);
  const hasTools = tools !== undefined;
  const common = {
    workingDir: "/",
    resources: containerResources(limits, settings),
    terminationMessagePolicy: "FallbackToLogsOnError",
  };
  const prepare: V1Container = {
    ...common,
    ...ofImage(image),
    name: "prepare",
    command: [node, file, supervisorModes.prepare],
    args: [],
    env: prepareVariables({ seal, hasTools }),
    volumeMounts: prepareMounts({ hasTools }),
    securityContext: prepareSecurity(seal),
  };
  if (tools === undefined) return [prepare];
  const copy: V1Container = {
    ...common,
    ...ofImage(tools),
    name: "tools",
    command: [busybox, "sh", "-c", copyParts],
    args: [],
    volumeMounts: [...toolsMounts],
    securityContext: restricted,
  };
  return [copy, prepare];
}

/**
 * Images of these names are on no registry: a node that asked one for them would run whatever somebody published under the name.
 */
function ofImage(image: string): Pick<V1Container, "image" | "imagePullPolicy"> {
  return { image, imagePullPolicy: image.startsWith("glovebox/") ? "Never" : "IfNotPresent" };
}
