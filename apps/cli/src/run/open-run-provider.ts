import type { RunSummary } from "@glovebox/core";
import { InvalidOptionsError, SandboxError } from "@glovebox/core/provider";
import type { LoadedProvider } from "../config/plugins.ts";
import type { Terminal } from "../terminal.ts";
import { openProvider } from "./open-provider.ts";

/** The provider of a run that exists, ready for use. `name`: as it was given to the run, where its id does not lead to it. */
export async function openRunProvider(
  terminal: Terminal,
  run: RunSummary,
  name: string | undefined,
): Promise<LoadedProvider> {
  const loaded = await openProvider(terminal, { provider: name ?? run.providerId }).catch((error) => {
    if (name !== undefined || !SandboxError.isInstance(error)) throw error;
    // A provider's id does not lead to one that was given by a path.
    const hint = `Give --provider as it was given to the run.`;
    throw new InvalidOptionsError(error.message, { hint, cause: error });
  });
  await loaded.requireSetUp();
  return loaded;
}
