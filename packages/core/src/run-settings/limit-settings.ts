import type { RunSetting } from "./run-setting.ts";

const minute = 60_000;
const gibibyte = 1024;
const bytesPerMiB = 1024 * 1024;

const limit = { group: "limits", env: true, user: true, projectMay: "lower" } as const;

/** Time, resources and sizes. A project may bring each of them down, and none up. */
export const limitSettings = {
  timeout: {
    ...limit,
    type: "duration",
    value: "duration",
    help: "stop the run after this long",
    brief: "stop the run after this long",
    default: 30 * minute,
    spec: "timeoutMs",
  },
  idleTimeout: {
    ...limit,
    type: "duration",
    value: "duration",
    help: "stop after this long without activity",
    default: 10 * minute,
    spec: "idleTimeoutMs",
  },
  lease: {
    ...limit,
    type: "duration",
    value: "duration",
    help: "how long a sandbox outlives this process",
    default: 5 * minute,
    spec: "leaseMs",
  },
  cpus: {
    ...limit,
    type: "amount",
    value: "n",
    help: "processors",
    usual: 4,
    spec: "resources.cpus",
  },
  memory: {
    ...limit,
    type: "size",
    value: "size",
    help: "memory, including swap: 4g",
    brief: "memory of the sandbox: 4g",
    usual: 4 * gibibyte,
    spec: "resources.memoryMiB",
  },
  pids: {
    ...limit,
    type: "count",
    value: "n",
    help: "processes and threads",
    usual: 1024,
    spec: "resources.pids",
  },
  openFiles: {
    ...limit,
    type: "count",
    value: "n",
    help: "open files per process",
    usual: 16_384,
    spec: "resources.openFiles",
  },
  tmpSize: {
    ...limit,
    type: "size",
    value: "size",
    help: "size of /tmp; counts as memory",
    usual: gibibyte,
    spec: "resources.tmpMiB",
  },
  shmSize: {
    ...limit,
    type: "size",
    value: "size",
    help: "size of /dev/shm, which browsers need; counts as memory",
    usual: gibibyte,
    spec: "resources.shmMiB",
  },
  disk: {
    ...limit,
    type: "size",
    value: "size",
    help: "disk, where the provider can limit it",
    spec: "resources.diskMiB",
  },
  maxFileSize: {
    ...limit,
    type: "size",
    value: "size",
    help: "the largest file to bring back",
    default: 5 * gibibyte,
    spec: "limits.fileBytes",
    specFactor: bytesPerMiB,
  },
  maxTotalSize: {
    ...limit,
    type: "size",
    value: "size",
    help: "the most to bring back in total",
    default: 10 * gibibyte,
    spec: "limits.totalBytes",
    specFactor: bytesPerMiB,
  },
} as const satisfies Readonly<Record<string, RunSetting>>;
