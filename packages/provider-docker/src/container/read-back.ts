import {
  CapabilityUnsupportedError,
  type ProcessExit,
  type Resources,
  SandboxError,
  TemplateError,
  workspaceDir,
} from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import { supervisorNode } from "./container-options.ts";
import type { Limits } from "./limits.ts";

const timeoutMs = 15_000;

/** Marks the one process of our own in a sandbox's list, which is not the caller's to see. */
export const readBackTag = "glovebox.read-back";

/**
 * Looks at a sandbox from inside: whether every limit is the one that was set, and whether its user can work in the
 * workspace. Throws when not: a limit that is not there must not be believed in.
 */
export async function readBack(
  connection: SupervisorConnection,
  limits: Limits,
  signal: AbortSignal | undefined,
): Promise<void> {
  const call = { signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])]) };
  const [resources] = await Promise.all([connection.resources(call), checkWorkspace(connection, call)]);
  const asked: Resources = limits;
  for (const [name, value] of Object.entries(asked) as [keyof Resources, number][]) {
    const found = resources[name];
    // A disk quota is the storage driver's, which the kernel shows nowhere inside.
    if (name === "diskMiB" || (found !== undefined && Math.abs(found - value) <= value * 0.02)) continue;
    throw new CapabilityUnsupportedError(
      `The limit ${name} was set to ${value}, and the sandbox has ${found === undefined ? "none" : found}`,
      { providerId: "docker", hint: "The engine or its host does not enforce it. Run `glovebox doctor`." },
    );
  }
}

async function checkWorkspace(connection: SupervisorConnection, call: { readonly signal: AbortSignal }): Promise<void> {
  const { exitCode, reason } = await probeWorkspace(connection, call);
  if (exitCode === 0) return;
  throw new TemplateError(`The sandbox's user cannot write ${workspaceDir} (${reason}, exit code ${exitCode})`, {
    providerId: "docker",
    hint: "Prepare the template again: `glovebox image build`.",
  });
}

async function probeWorkspace(
  connection: SupervisorConnection,
  call: { readonly signal: AbortSignal },
): Promise<ProcessExit> {
  const options = { cwd: workspaceDir, tag: readBackTag, ...call };
  try {
    const probe = await connection.spawn(["/bin/sh", "-c", "test -w . && test -O ."], options);
    return await probe.exit;
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "process") throw error;
    // An image without a shell: the Node that every template holds says the same, ten times slower.
    const script = 'require("fs").accessSync(".", 2); process.exit(process.getuid() === 1000 ? 0 : 1)';
    return (await connection.spawn([supervisorNode, "-e", script], options)).exit;
  }
}
