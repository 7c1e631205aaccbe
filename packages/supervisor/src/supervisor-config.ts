/**
 * The environment variable that carries the {@link SupervisorConfig} as JSON. The supervisor takes it out of the environment
 * of whatever it starts, and no process but root's can read its own.
 */
export const supervisorConfigVariable = "GLOVEBOX_SUPERVISOR";

/** The configuration that a supervisor is started with. Everything but the lease has a default. */
export interface SupervisorConfig {
  /** The lease, from the start of the supervisor, in milliseconds. At its end everything stops and it exits with 0. */
  readonly ttlMs: number;
  /** The user that everything else runs as. Default: 1000. */
  readonly uid?: number;
  readonly gid?: number;
  /** Default: `agent`. */
  readonly user?: string;
  /** Default: `/home/agent`. */
  readonly home?: string;
  /** The default working directory of processes. Default: `/workspace`. */
  readonly workspaceDir?: string;
  /** Whether the sandbox has a root of its own: then archives hold what only root may read. Default: false. */
  readonly rootInside?: boolean;
  /** The loopback port inside on which connections to the host are accepted. Default: {@link egressPort}. */
  readonly egressPort?: number;
  /** A WebSocket endpoint on a TCP port, for platforms that can reach only ports. Default: none. */
  readonly endpoint?: SupervisorEndpoint;
}

/**
 * A WebSocket endpoint on every address of the sandbox. Its binary messages carry the same byte stream as the standard
 * streams do elsewhere. `GET /health` answers 204 to everyone; every other request needs the token.
 */
export interface SupervisorEndpoint {
  readonly port: number;
  /** The value that a request must send in the header {@link endpointTokenHeader}: at least 16 characters that nobody can guess. */
  readonly token: string;
}

/** The header that carries the token of a {@link SupervisorEndpoint}. */
export const endpointTokenHeader = "x-glovebox-token";

/** The loopback port inside on which the supervisor accepts connections for the host to serve. */
export const egressPort = 47821;
