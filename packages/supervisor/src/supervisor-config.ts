/**
 * The environment variable that carries the {@link SupervisorConfig} as JSON. The supervisor takes it out of the environment
 * of whatever it starts, and no process but root's can read its own.
 */
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
  /** A way in by a TCP port, for platforms that reach nothing else. None unless told. */
  readonly door?: SupervisorDoor;
}

/**
 * A WebSocket server on every address of the sandbox. What its binary messages carry is the byte stream that the standard
 * streams carry elsewhere. `GET /health` answers 204 to everyone; every other request needs the token.
 */
export interface SupervisorDoor {
  readonly port: number;
  /** What a request must carry in the header {@link doorTokenHeader}: at least 16 characters that nobody can guess. */
  readonly token: string;
}

/** The header that carries the token of a {@link SupervisorDoor}. */
export const doorTokenHeader = "x-glovebox-token";

/** The loopback port inside on which the supervisor takes connections for the host to serve. */
export const egressPort = 47821;
