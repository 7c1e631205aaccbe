import { readFileSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import type { SandboxSpec } from "@glovebox/core/provider";
import type { ResourceBounds } from "@glovebox/provider-kit";
import { hardLimit } from "@glovebox/provider-kit/local";
import {
  type SupervisorConfig,
  supervisorConfigVariable,
  supervisorModes,
  supervisorPaths,
} from "@glovebox/supervisor";

/** Where the template puts the Node that runs the supervisor. */
export const supervisorNode = "/opt/glovebox/bin/node";

const prefix = "glovebox.podman.";

/** Labels of the container. The sandbox's own are the value of one: a container also carries its image's. */
export const ownLabels = {
  sandbox: `${prefix}sandbox`,
  template: `${prefix}template`,
  ttlMs: `${prefix}ttl-ms`,
  attempt: `${prefix}attempt`,
} as const;

const mebibyte = 1024 * 1024;
const hostMiB = Math.floor(totalmem() / mebibyte);

/** The least with which a sandbox can work, and the most that this host has. */
export const limitBounds: ResourceBounds = {
  cpus: [0.1, availableParallelism()],
  memoryMiB: [192, hostMiB],
  pids: [32, 4_194_304],
  openFiles: [128, 1_048_576],
  tmpMiB: [1, hostMiB],
  shmMiB: [1, hostMiB],
};

/** What the supervisor needs to start processes as the agent's user and to end them; none of it reaches them. */
const supervisorCapabilities = "SETUID,SETGID,KILL";

export interface RunArguments {
  readonly spec: SandboxSpec;
  readonly name: string;
  /** Tells the containers of two calls with the same name apart. */
  readonly attempt: string;
}

/** The arguments of `podman create`. Nothing of the sandbox's environment is among them: anyone can inspect a container. */
export function runArguments({ spec, name, attempt }: RunArguments): readonly string[] {
  const config: SupervisorConfig = { ttlMs: spec.ttlMs, rootInside: false };
  const labels = {
    [ownLabels.sandbox]: JSON.stringify(spec.labels),
    [ownLabels.template]: spec.template.digest,
    [ownLabels.ttlMs]: String(spec.ttlMs),
    [ownLabels.attempt]: attempt,
  };
  return [
    ...["--name", name, "--pull", "never", "--restart", "no", "--log-driver", "none", "--no-healthcheck"],
    ...Object.entries(labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]),
    ...["--cap-drop", "all", "--cap-add", supervisorCapabilities, "--security-opt", "no-new-privileges"],
    // Podman would pass the host's proxy variables, which can hold a password.
    ...["--network", "none", "--hostname", "glovebox", "--add-host", "glovebox:127.0.0.1", "--http-proxy=false"],
    ...limitArguments(spec),
    // Podman would set both.
    ...["--unsetenv", "TERM", "--unsetenv", "container"],
    ...["--env", `${supervisorConfigVariable}=${JSON.stringify(config)}`],
    // The supervisor ends when its first input does, so that stays open.
    ...["--init", "--interactive", "--user", "0:0", "--workdir", "/"],
    ...["--entrypoint", JSON.stringify([supervisorNode, supervisorPaths.file, supervisorModes.serve])],
    spec.template.reference,
  ];
}

function limitArguments({ resources = {} }: SandboxSpec): readonly string[] {
  const { cpus, pids = 1024, memoryMiB = Math.min(4096, Math.floor(hostMiB * 0.75)) } = resources;
  const half = Math.floor(memoryMiB / 2);
  const { tmpMiB = Math.min(1024, half), shmMiB = Math.min(1024, half) } = resources;
  const openFiles = resources.openFiles ?? Math.min(16_384, hardLimit("open files"));
  // Podman's own default is above what a host without CAP_SYS_RESOURCE may set.
  const processes = Math.min(hardLimit("processes"), Number(readFileSync("/proc/sys/kernel/pid_max", "latin1")));
  return [
    ...(cpus === undefined ? [] : ["--cpus", String(cpus)]),
    ...["--memory", `${memoryMiB}m`, "--memory-swap", `${memoryMiB}m`, "--pids-limit", String(pids)],
    ...["--ulimit", `nofile=${openFiles}:${openFiles}`, "--ulimit", `nproc=${processes}:${processes}`],
    ...["--ulimit", "core=0:0", "--shm-size", `${shmMiB}m`],
    ...["--tmpfs", `/tmp:rw,exec,nosuid,nodev,mode=1777,size=${tmpMiB}m`],
  ];
}
