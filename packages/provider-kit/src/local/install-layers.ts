import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type PrepareOptions,
  SandboxAbortedError,
  SandboxUnavailableError,
  TemplateError,
  type TemplateLayer,
} from "@glovebox/core/provider";
import { execa } from "execa";
import { z } from "zod";

/** How the layers of a template are installed on this machine. */
export interface InstallLayersOptions extends Pick<PrepareOptions, "signal" | "onProgress"> {
  readonly layers: readonly TemplateLayer[];
}

/** A script of a package that its installation needs. */
export interface LayerScript {
  /** The package's directory, relative to where the layers were installed. */
  readonly directory: string;
  /** For `/bin/sh -c`. */
  readonly script: string;
}

/** npm's lock of what it has installed: which packages have scripts. */
const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })),
});

const manifestSchema = z.object({ scripts: z.record(z.string(), z.string()).optional() });

/**
 * Installs the layers' packages into a new directory with the host's npm and its registry. Scripts of packages are not run:
 * they are returned, to be run where they reach nothing of the host.
 */
export async function installLayers(directory: string, options: InstallLayersOptions): Promise<readonly LayerScript[]> {
  const { layers, signal, onProgress } = options;
  mkdirSync(directory);
  writeFileSync(join(directory, "package.json"), '{ "private": true }\n');
  const names = layers.map(({ npmPackage, npmVersion }) => `${npmPackage}@${npmVersion}`);
  onProgress?.({ message: `installing ${names.join(", ")}` });
  const flags = ["--ignore-scripts", "--save-exact", "--no-audit", "--no-fund", "--no-update-notifier"];
  const result = await execa("npm", ["install", "--prefix", directory, ...flags, "--", ...names], {
    cwd: directory,
    reject: false,
    stdin: "ignore",
    ...(signal && { cancelSignal: signal }),
  });
  if (result.isCanceled) throw new SandboxAbortedError("Aborted while installing the harness");
  if (result.code === "ENOENT")
    throw new SandboxUnavailableError("npm is not installed", { retryable: false, hint: "Install Node with npm." });
  if (result.failed) {
    const why = result.stderr.split("\n").filter((line) => /^npm (?:error|ERR!)/.test(line));
    throw new TemplateError(`npm could not install ${names.join(", ")}: ${why.slice(0, 3).join("; ")}`, {
      hint: "Can the registry of this host's npm configuration be reached?",
    });
  }
  return scriptsOf(directory);
}

function scriptsOf(directory: string): readonly LayerScript[] {
  const lock = lockSchema.parse(JSON.parse(readFileSync(join(directory, "node_modules/.package-lock.json"), "utf8")));
  return Object.entries(lock.packages).flatMap(([path, { hasInstallScript }]) => {
    if (!hasInstallScript) return [];
    const manifest = readFileSync(join(directory, path, "package.json"), "utf8");
    const { scripts = {} } = manifestSchema.parse(JSON.parse(manifest));
    return ["preinstall", "install", "postinstall"].flatMap((name) => {
      const script = scripts[name];
      return script === undefined ? [] : [{ directory: path, script }];
    });
  });
}
