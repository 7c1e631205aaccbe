import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CommandContext } from "@glovebox/core/plugin";
import { SandboxUnavailableError } from "@glovebox/core/provider";
import type * as Docker from "@glovebox/provider-docker";

const packageName = "@glovebox/provider-docker";

/** The used parts of the Docker provider: the local engine and image builds. */
export type DockerTools = Pick<typeof Docker, "createEngine" | "ensureDockerEngine" | "prepareTemplate">;

/** Loads the Docker provider as a plugin: only the commands need it, so it is not a dependency of this package. */
export async function loadDockerTools({ resolveFrom }: CommandContext): Promise<DockerTools> {
  for (const directory of resolveFrom) {
    try {
      const require = createRequire(join(directory, "package.json"));
      return (await import(pathToFileURL(require.resolve(packageName)).href)) as typeof Docker;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    }
  }
  throw new SandboxUnavailableError(`${packageName} is not installed`, {
    retryable: false,
    hint: "Install it: `glovebox providers add docker`.",
  });
}
