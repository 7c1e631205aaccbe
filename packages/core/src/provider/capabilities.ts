import type { EgressMode } from "./egress-policy.ts";

/** What a provider can do and enforce. What is not claimed answers `capability-unsupported`. */
export interface Capabilities {
  /** The bases a template may have. */
  readonly templates: { readonly image: boolean; readonly dockerfile: boolean };
  /** The limits that are enforced, and read back from a created sandbox. */
  readonly resources: {
    readonly cpus: boolean;
    readonly memoryMiB: boolean;
    readonly pids: boolean;
    readonly diskMiB: boolean;
    readonly openFiles: boolean;
    readonly tmpMiB: boolean;
    readonly shmMiB: boolean;
  };
  readonly egress: {
    readonly modes: readonly EgressMode[];
    /** Hosts can be allowed by name beside the model routes. */
    readonly hosts: boolean;
    /** A rule's port is enforced, not only its host. */
    readonly ports: boolean;
    /** Credentials are added outside, for every host that a rule names. */
    readonly credentials: boolean;
    /** Of a host with a credential, a model's included, only the requests that `paths` names pass. */
    readonly paths: boolean;
    /** Every request is reported to the observer. */
    readonly audit: boolean;
    /** What the models use is read as it passes, and a limit of cost is enforced. */
    readonly metering: boolean;
  };
  readonly mounts: boolean;
  readonly rootInside: boolean;
  /** A sandbox whose lease ended can be woken by `connect(id, { wakeForMs })`, its files as they were. */
  readonly wake: boolean;
  readonly stats: boolean;
  /** Processes with a terminal. What the template must hold for it is the provider's to say. */
  readonly pty: boolean;
  /** Ports inside are reached from this host. */
  readonly endpoint: boolean;
  /** Freezing, and resuming by `connect(id, { wakeForMs })`. */
  readonly pause: boolean;
  readonly snapshot: boolean;
  readonly watch: boolean;
  /** The longest lease the provider grants, in milliseconds; absent when there is no limit. */
  readonly maxTtlMs?: number;
}
