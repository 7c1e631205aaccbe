import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type PrepareProgress,
  SandboxUnavailableError,
  TemplateError,
  type TemplateLayer,
} from "@glovebox/core/provider";
import { execa } from "execa";
import { z } from "zod";
import type { ResolvedSettings } from "../bubblewrap-settings.ts";
import { runHelper } from "../bwrap/run-helper.ts";

export interface InstallOptions {
  readonly settings: ResolvedSettings;
  /** The template's folder. */
  readonly folder: string;
  readonly layers: readonly TemplateLayer[];
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: PrepareProgress) => void) | undefined;
}

const harnessDir = "harness";

/** The lock that npm keeps of what it has installed: which packages want to run something. */
const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })),
});

const manifestSchema = z.object({ scripts: z.record(z.string(), z.string()).optional() });

/**
 * Installs the layers' packages with the host's npm, and with its registry. Scripts of packages run on the host's files
 * nowhere: only afterwards, in a sandbox that has this folder and no network.
 */
export async function installPackages(options: InstallOptions): Promise<void> {
  const { folder, layers, signal, onProgress } = options;
  const root = join(folder, harnessDir);
  mkdirSync(root);
  writeFileSync(join(root, "package.json"), '{ "private": true }\n');
  const names = layers.map(({ npmPackage, npmVersion }) => `${npmPackage}@${npmVersion}`);
  onProgress?.({ message: `installing ${names.join(", ")}` });
  const flags = ["--ignore-scripts", "--save-exact", "--no-audit", "--no-fund", "--no-update-notifier"];
  const { failed, code, stderr, isCanceled } = await execa(
    "npm",
    ["install", "--prefix", root, ...flags, "--", ...names],
    {
      cwd: root,
      reject: false,
      stdin: "ignore",
      ...(signal && { cancelSignal: signal }),
    },
  );
  if (isCanceled) throw Object.assign(new Error("aborted"), { name: "AbortError" });
  if (code === "ENOENT") {
    throw new SandboxUnavailableError("npm is not there, and brings the harness", {
      providerId: "bubblewrap",
      retryable: false,
      hint: "Install Node with npm.",
    });
  }
  if (failed) {
    const why = stderr.split("\n").filter((line) => /^npm (?:error|ERR!)/.test(line));
    throw new TemplateError(`npm could not install ${names.join(", ")}: ${why.slice(0, 3).join("; ")}`, {
      providerId: "bubblewrap",
      hint: "Is the registry of this host's npm configuration reachable?",
    });
  }
  await runScripts(options, root);
}

async function runScripts({ settings, folder, onProgress }: InstallOptions, root: string): Promise<void> {
  const lock = lockSchema.parse(JSON.parse(readFileSync(join(root, "node_modules/.package-lock.json"), "utf8")));
  for (const [path, { hasInstallScript }] of Object.entries(lock.packages)) {
    if (!hasInstallScript) continue;
    const { scripts = {} } = manifestSchema.parse(JSON.parse(readFileSync(join(root, path, "package.json"), "utf8")));
    for (const name of ["preinstall", "install", "postinstall"]) {
      const script = scripts[name];
      if (script === undefined) continue;
      onProgress?.({ message: `running ${name} of ${path.replace(/^.*node_modules\//, "")}` });
      await runHelper({ settings, folder, cwd: join(harnessDir, path), command: ["/bin/sh", "-c", script] });
    }
  }
}
