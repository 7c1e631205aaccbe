import { egressPort, type SupervisorConfig, supervisorConfigVariable } from "../supervisor-config.ts";

/** The configuration with every default filled in. */
export type GuestConfig = Required<Omit<SupervisorConfig, "door">> & Pick<SupervisorConfig, "door">;

/** The image's own `NODE_OPTIONS`, under a name that does not reach the Node that runs the supervisor. */
const imageNodeOptions = "GLOVEBOX_NODE_OPTIONS";

const minTokenLength = 16;

/** Reads the configuration from the environment, and takes it out so that no child inherits it. */
export function readGuestConfig(): GuestConfig {
  const given = JSON.parse(process.env[supervisorConfigVariable] ?? "{}") as Partial<SupervisorConfig>;
  const nodeOptions = process.env.NODE_OPTIONS || process.env[imageNodeOptions];
  if (nodeOptions) process.env.NODE_OPTIONS = nodeOptions;
  else delete process.env.NODE_OPTIONS;
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("GLOVEBOX_")) delete process.env[name];
  }
  const { ttlMs } = given;
  if (typeof ttlMs !== "number" || !(ttlMs > 0)) throw new Error(`${supervisorConfigVariable} names no lease (ttlMs).`);
  const { door } = given;
  // An empty token would let everyone in.
  if (door !== undefined && !(door.token.length >= minTokenLength)) {
    throw new Error(`The token of a door has at least ${minTokenLength} characters.`);
  }
  return {
    ttlMs,
    uid: given.uid ?? 1000,
    gid: given.gid ?? 1000,
    user: given.user ?? "agent",
    home: given.home ?? "/home/agent",
    workspaceDir: given.workspaceDir ?? "/workspace",
    egressPort: given.egressPort ?? egressPort,
    ...(door && { door }),
  };
}
