import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { readOwner } from "@glovebox/core";
import { type PrepareProgress, SandboxUnavailableError } from "@glovebox/core/provider";
import type { LoadedTemplate } from "@glovebox/image-builder/description";
import { packagesDirectory } from "../plugins/plugin-places.ts";
import { runNpm } from "../plugins/run-npm.ts";

export interface BuildDevContainerOptions {
  readonly home: string;
  /** Asked before the tool is installed. */
  readonly consent: (question: string) => Promise<boolean>;
  readonly rebuild?: boolean;
  readonly onProgress: (progress: PrepareProgress) => void;
  readonly signal?: AbortSignal;
}

/** Builds what only `@devcontainers/cli` can build of a template. Installs it at its tested version, with consent. */
export async function buildDevContainer(
  devcontainer: NonNullable<LoadedTemplate["devcontainer"]>,
  { home, consent, onProgress, ...options }: BuildDevContainerOptions,
): Promise<void> {
  const { buildDevcontainer, devcontainerPackage } = await import("@glovebox/image-builder/description");
  const { name, version } = devcontainerPackage;
  const directory = packagesDirectory(home);
  let program = installed(directory, name, version);
  if (program === undefined) {
    const what = `${name} ${version}`;
    if (!(await consent(`This devcontainer.json needs ${what}. Install it into ${directory}?`))) {
      throw new SandboxUnavailableError(`${what}, which builds this devcontainer.json, is not installed`, {
        retryable: false,
        hint: "Pass --yes to install it, or describe the template with a Dockerfile.",
      });
    }
    onProgress({ message: `installing ${what}` });
    await runNpm(directory, "install", `${name}@${version}`);
    program = installed(directory, name, version);
  }
  if (program === undefined) throw new SandboxUnavailableError(`${name} was installed but cannot be found`);
  await buildDevcontainer(devcontainer, { ...options, program, onProgress, owner: readOwner(home) });
}

function installed(directory: string, name: string, version: string): string | undefined {
  try {
    const require = createRequire(join(directory, "package.json"));
    const manifest = require.resolve(`${name}/package.json`);
    const { version: found } = require(manifest) as { readonly version: string };
    return found === version ? join(dirname(manifest), "devcontainer.js") : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    return undefined;
  }
}
