import { egressPort, type SupervisorConfig, supervisorConfigVariable } from "../supervisor-config.ts";

/** The configuration with every default filled in. */
export type GuestConfig = Required<SupervisorConfig>;

/** Reads the configuration from the environment, and takes it out so that no child inherits it. */
export function readGuestConfig(): GuestConfig {
  const given = JSON.parse(process.env[supervisorConfigVariable] ?? "{}") as Partial<SupervisorConfig>;
  for (const name of Object.keys(process.env)) {
    if (name.startsWith("GLOVEBOX_")) delete process.env[name];
  }
  const { ttlMs } = given;
  if (typeof ttlMs !== "number" || !(ttlMs > 0)) throw new Error(`${supervisorConfigVariable} names no lease (ttlMs).`);
  return {
    ttlMs,
    uid: given.uid ?? 1000,
    gid: given.gid ?? 1000,
    user: given.user ?? "agent",
    home: given.home ?? "/home/agent",
    workspaceDir: given.workspaceDir ?? "/workspace",
    egressPort: given.egressPort ?? egressPort,
  };
}
