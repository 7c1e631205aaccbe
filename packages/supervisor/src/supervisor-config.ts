/**
 * The environment variable that carries the {@link SupervisorConfig} as JSON. The supervisor takes it out of the environment
 * of whatever it starts, and no process but root's can read its own.
 */
export const supervisorConfigVariable = "GLOVEBOX_SUPERVISOR";

/** The configuration that a supervisor is started with. Everything but the lease and, where it is not root, the token has a default. */
export interface SupervisorConfig {
  /**
   * The lease, from the start of the supervisor, in milliseconds. At its end everything stops and it exits with 0. Required
   * unless it `startsAsleep`.
   */
  readonly ttlMs?: number;
  /**
   * Starts without a lease: files can be read and written, and no process starts, until a host sets a lease. A container that
   * is restarted when its lease has ended so keeps its files and does no work. Default: false.
   */
  readonly startsAsleep?: boolean;
  /**
   * What a connection over the socket must send as its first line: at least 32 characters that nobody can guess. Required of a
   * supervisor that is not root, which shares its user with the agent.
   */
  readonly token?: string;
  /**
   * Whether a supervisor that is not root may run where the agent can trace it and read its memory, with the token in it.
   * Default: false, and it refuses to start there.
   */
  readonly allowTraceable?: boolean;
  /** What must not answer before any work is done. Default: there is no check. */
  readonly sealCheck?: SealCheck;
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
 * The addresses that prove that a sandbox's network is shut: the supervisor tries them all at once when it starts and when
 * it wakes, with the name servers of `/etc/resolv.conf` and the cluster's API server, and refuses work when one answers.
 */
export interface SealCheck {
  readonly addresses: readonly SealAddress[];
  /** How long an address that says nothing is waited for, in milliseconds. Default: 1000. */
  readonly timeoutMs?: number;
}

/** An address of a {@link SealCheck}. */
export interface SealAddress {
  /** An IP address of either family: no name is resolved. */
  readonly host: string;
  readonly port: number;
  /** `tcp`: answers when a connection opens. `dns`: answers when a query over UDP gets a reply, or a TCP connection opens. */
  readonly protocol: "tcp" | "dns";
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
