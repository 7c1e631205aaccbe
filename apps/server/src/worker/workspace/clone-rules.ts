/** Which repositories a worker clones. */
export interface CloneRules {
  /** Hosts in private networks, by name, that may be cloned from. */
  readonly privateHosts: readonly string[];
  /** Hosts that are reached over SSH, by the keys of the worker's own user. */
  readonly sshHosts: readonly string[];
}
