import { type CallOptions, type ProcessExit, SandboxError, TemplateError, workspaceDir } from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type { ProviderIdentity } from "../provider-identity.ts";

/** Marks the kit's own process in a sandbox's list, which the caller does not see. */
export const probeTag = "glovebox.probe";

/** Throws `template` where the sandbox's user cannot work in the workspace. */
export async function checkWorkspace(
  provider: ProviderIdentity,
  connection: SupervisorConnection,
  { node, ...call }: CallOptions & { readonly node: string },
): Promise<void> {
  const { exitCode, reason } = await probe(connection, node, call);
  if (exitCode === 0) return;
  throw new TemplateError(`The sandbox's user cannot write ${workspaceDir} (${reason}, exit code ${exitCode})`, {
    providerId: provider.id,
    hint: "Prepare the template again.",
  });
}

async function probe(connection: SupervisorConnection, node: string, call: CallOptions): Promise<ProcessExit> {
  const options = { cwd: workspaceDir, tag: probeTag, ...call };
  try {
    const shell = await connection.spawn(["/bin/sh", "-c", "test -w . && test -O ."], options);
    return await shell.exit;
  } catch (error) {
    if (!SandboxError.isInstance(error) || error.code !== "process") throw error;
    // A template without a shell: the Node that every template holds tests the same, ten times slower.
    const script = 'require("fs").accessSync(".", 2); process.exit(process.getuid() === 1000 ? 0 : 1)';
    return (await connection.spawn([node, "-e", script], options)).exit;
  }
}
