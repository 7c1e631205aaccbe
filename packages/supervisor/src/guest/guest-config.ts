import { egressPort, type SupervisorConfig, supervisorConfigVariable } from "../supervisor-config.ts";

/** The configuration with every default filled in. */
export type GuestConfig = Required<Omit<SupervisorConfig, Optional>> & {
  readonly [Name in Optional]: SupervisorConfig[Name] | undefined;
};

/** What has no default. */
type Optional = "endpoint" | "token" | "sealCheck" | "ttlMs";

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
  const { ttlMs, startsAsleep = false, endpoint, token, sealCheck } = config;
  if (!startsAsleep && !(typeof ttlMs === "number" && ttlMs > 0)) {
    throw new Error(`${supervisorConfigVariable} names no lease (ttlMs).`);
  }
  // An empty token would let everyone in.
  if (endpoint !== undefined && !(endpoint.token.length >= minTokenLength)) {
    throw new Error(`The endpoint token must have at least ${minTokenLength} characters.`);
  }
  return {
    startsAsleep,
    allowTraceable: config.allowTraceable ?? false,
    uid: config.uid ?? 1000,
    gid: config.gid ?? 1000,
    user: config.user ?? "agent",
    home: config.home ?? "/home/agent",
    workspaceDir: config.workspaceDir ?? "/workspace",
    rootInside: config.rootInside ?? false,
    egressPort: config.egressPort ?? egressPort,
    ttlMs,
    endpoint,
    token,
    sealCheck,
  };
}
