/** The environment variable that carries the {@link SupervisorConfig} as JSON. It holds no secret. */
export const supervisorConfigVariable = "GLOVEBOX_SUPERVISOR";

/** What a supervisor is told when it is started. Everything has a default but the lease. */
export interface SupervisorConfig {
  /** The lease, from the start of the supervisor, in milliseconds. At its end everything stops and it exits with 0. */
  readonly ttlMs: number;
  /** The user that everything else runs as. 1000 unless told. */
  readonly uid?: number;
  readonly gid?: number;
  /** `agent` unless told. */
  readonly user?: string;
  /** `/home/agent` unless told. */
  readonly home?: string;
  /** Where a process starts unless told. `/workspace` unless told. */
  readonly workspaceDir?: string;
  /** The loopback port inside on which connections to the host are taken. {@link egressPort} unless told. */
  readonly egressPort?: number;
}

/** The loopback port inside on which the supervisor takes connections for the host to serve. */
export const egressPort = 47821;
