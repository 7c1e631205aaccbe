import { egressPort, type SupervisorConfig, supervisorConfigVariable } from "../supervisor-config.ts";

/** The configuration with every default filled in. */
export type GuestConfig = Required<Omit<SupervisorConfig, "endpoint">> & Pick<SupervisorConfig, "endpoint">;

/** The image's own `NODE_OPTIONS`, under a name that does not reach the Node that runs the supervisor. */
const imageNodeOptions = "GLOVEBOX_NODE_OPTIONS";

const minTokenLength = 16;

/** Reads the configuration from the environment, and takes it out so that no child inherits it. */
export function readGuestConfig(): GuestConfig {
  const config = JSON.parse(process.env[supervisorConfigVariable] ?? "{}") as Partial<SupervisorConfig>;
  const nodeOptions = process.env.NODE_OPTIONS || process.env[imageNodeOptions];
  if (nodeOptions) process.env.NODE_OPTIONS = nodeOptions;
  else delete process.env.NODE_OPTIONS;
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("GLOVEBOX_")) delete process.env[name];
  }
  const { ttlMs } = config;
  if (typeof ttlMs !== "number" || !(ttlMs > 0)) throw new Error(`${supervisorConfigVariable} names no lease (ttlMs).`);
  const { endpoint } = config;
  // An empty token would let everyone in.
  if (endpoint !== undefined && !(endpoint.token.length >= minTokenLength)) {
    throw new Error(`The endpoint token must have at least ${minTokenLength} characters.`);
  }
  return {
    ttlMs,
    uid: config.uid ?? 1000,
    gid: config.gid ?? 1000,
    user: config.user ?? "agent",
    home: config.home ?? "/home/agent",
    workspaceDir: config.workspaceDir ?? "/workspace",
    rootInside: config.rootInside ?? false,
    egressPort: config.egressPort ?? egressPort,
    ...(endpoint && { endpoint }),
  };
}
