import { dropUndefined, type SandboxSpec } from "@glovebox/core/provider";
import {
  type SupervisorConfig,
  supervisorConfigVariable,
  supervisorModes,
  supervisorPaths,
} from "@glovebox/supervisor";
import type Docker from "dockerode";
import { containerLabels, containerName } from "./labels.ts";
import type { Limits } from "./limits.ts";
import { seccompProfile } from "./seccomp/seccomp-profile.ts";

/** Where the template puts the Node that runs the supervisor. */
export const supervisorNode = "/opt/glovebox/bin/node";

/** What the supervisor needs to start processes as the agent's user and to end them; none of it reaches them. */
const supervisorCapabilities = ["SETUID", "SETGID", "KILL"];

/**
 * What a container's root needs for apt and sudo: Docker's default set without the two that a sandbox has no use for, raw
 * network packets and device nodes.
 */
const rootCapabilities = [
  ...supervisorCapabilities,
  ..."AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID NET_BIND_SERVICE SETFCAP SETPCAP SYS_CHROOT".split(" "),
];

export interface ContainerOptions {
  readonly spec: SandboxSpec;
  readonly limits: Limits;
  readonly mounts: Docker.MountConfig;
  /** The engine's runtime; its default by default. */
  readonly runtime?: string | undefined;
  /** Whether the engine takes our list of system calls. */
  readonly ownSeccomp: boolean;
}

const hostname = "glovebox";

/** The engine's description of a sandbox. Nothing of the sandbox's environment is in it: anyone can inspect a container. */
export function containerOptions(options: ContainerOptions): Docker.ContainerCreateOptions {
  const { spec, limits, mounts, runtime } = options;
  const config: SupervisorConfig = { ttlMs: spec.ttlMs, rootInside: spec.rootInside === true };
  return {
    name: containerName(spec.idempotencyKey),
    Image: spec.template.reference,
    Hostname: hostname,
    User: "0:0",
    WorkingDir: "/",
    Entrypoint: [supervisorNode, supervisorPaths.file, supervisorModes.serve],
    Cmd: [],
    Env: [`${supervisorConfigVariable}=${JSON.stringify(config)}`],
    Labels: containerLabels(spec),
    // An image's own would run beside the supervisor, as root.
    Healthcheck: { Test: ["NONE"] },
    StopSignal: "SIGTERM",
    Tty: false,
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      ...limitOptions(limits),
      ...securityOptions(spec.rootInside === true, options.ownSeccomp),
      Init: true,
      NetworkMode: "none",
      // Without a network its own name would be unknown, and programs such as sudo look it up.
      // The others are given ::1 alone, which a sandbox without IPv6 does not have, or nothing.
      ExtraHosts: [hostname, "localhost.localdomain", "ip6-localhost", "ip6-loopback"].map(
        (name) => `${name}:127.0.0.1`,
      ),
      IpcMode: "private",
      ShmSize: limits.shmMiB * 1024 * 1024,
      Mounts: mounts,
      Tmpfs: { "/tmp": `rw,exec,nosuid,nodev,mode=1777,size=${limits.tmpMiB}m` },
      // Its output is the supervisor's protocol; the engine must keep none of it.
      LogConfig: { Type: "none", Config: {} },
      AutoRemove: false,
      RestartPolicy: { Name: "no" },
      ...(runtime !== undefined && { Runtime: runtime }),
    },
  };
}

function limitOptions(limits: Limits): Docker.HostConfig {
  const memory = limits.memoryMiB === undefined ? undefined : limits.memoryMiB * 1024 * 1024;
  return dropUndefined({
    NanoCpus: limits.cpus === undefined ? undefined : Math.round(limits.cpus * 1e9),
    Memory: memory,
    MemorySwap: memory,
    PidsLimit: limits.pids,
    StorageOpt: limits.diskMiB === undefined ? undefined : { size: `${limits.diskMiB}m` },
    Ulimits: [
      { Name: "nofile", Soft: limits.openFiles, Hard: limits.openFiles },
      { Name: "core", Soft: 0, Hard: 0 },
    ],
  });
}

function securityOptions(rootInside: boolean, ownSeccomp: boolean): Docker.HostConfig {
  return {
    Privileged: false,
    CapDrop: ["ALL"],
    CapAdd: rootInside ? rootCapabilities : supervisorCapabilities,
    SecurityOpt: [
      ...(rootInside ? [] : ["no-new-privileges"]),
      ...(ownSeccomp ? [`seccomp=${seccompProfile({ rootInside })}`] : []),
    ],
  };
}
