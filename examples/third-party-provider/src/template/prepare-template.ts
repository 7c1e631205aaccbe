import { createHash } from "node:crypto";
import { constants, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CapabilityUnsupportedError,
  type PrepareOptions,
  type Template,
  type TemplateSpec,
} from "@glovebox/core/provider";
import { supervisorFile } from "@glovebox/supervisor";
import type { ResolvedSettings } from "../bubblewrap-settings.ts";
import { runHelper } from "../bwrap/run-helper.ts";
import { seccompFilter } from "../bwrap/seccomp-filter.ts";
import { throwIfAborted } from "../map-failure.ts";
import { StateStore } from "../state/state-store.ts";
import { sweepUnfinished } from "../sweep-unfinished.ts";
import { checkLayer } from "./check-layer.ts";
import { closeInherited, closeInheritedFile } from "./close-inherited.ts";
import { etcFiles } from "./etc-files.ts";
import { installPackages } from "./install-packages.ts";
import { seccompPath } from "./seccomp-file.ts";

/** Nothing inside is configured to take packages from elsewhere than these, npm's own and pip's. */
const packageHosts = ["files.pythonhosted.org", "pypi.org", "registry.npmjs.org"];

/** Goes into the digest: what is made differently has another. */
const templateVersion = 1;

/**
 * `SandboxProvider.prepare`: a folder with what a sandbox needs beside the system: Node, the supervisor, the harness. The
 * digest stands for all that went in, so that the same spec is found again.
 */
export async function prepareTemplate(
  settings: ResolvedSettings,
  spec: TemplateSpec,
  { signal, onProgress, rebuild }: PrepareOptions = {},
): Promise<Template> {
  if (spec.base.kind !== "default") {
    throw new CapabilityUnsupportedError("The bubblewrap provider knows no images: a sandbox sees this host's /usr", {
      providerId: "bubblewrap",
      hint: "The setting rootfs takes a folder that holds another system, as debootstrap makes it.",
    });
  }
  throwIfAborted(signal, "preparing the template");
  await sweepUnfinished(settings);
  const store = new StateStore(settings.stateDir);
  const digest = digestOf(settings, spec);
  const path = join(store.templates, digest.slice(0, 32));
  const template = { providerId: "bubblewrap", reference: path, digest: `sha256:${digest}`, packageHosts };
  if (existsSync(path) && !rebuild) return { ...template, reused: true };
  const staged = store.stage(store.templates);
  try {
    fill(staged);
    if (spec.layers.length > 0)
      await installPackages({ settings, folder: staged, layers: spec.layers, signal, onProgress });
    // Whatever this process's umask is: the agent, who owns nothing of it, reads and runs it.
    await runHelper({ settings, folder: staged, command: ["/bin/chmod", "-R", "a+rX", "."] });
    for (const layer of spec.layers) {
      onProgress?.({ message: `running ${layer.check.argv.join(" ")}` });
      await checkLayer(settings, { ...template, reference: staged, reused: false }, layer, signal);
    }
    if (rebuild) rmSync(path, { recursive: true, force: true });
    const isOurs = store.publish(staged, path);
    return { ...template, reused: !isOurs };
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

function digestOf({ rootfs }: ResolvedSettings, { layers }: TemplateSpec): string {
  const parts = [templateVersion, process.version, process.arch, rootfs, layers, readFileSync(supervisorFile, "utf8")];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function fill(folder: string): void {
  mkdirSync(join(folder, "bin"));
  // A copy: the host's own may be replaced while a sandbox lives.
  copyFileSync(process.execPath, join(folder, "bin/node"), constants.COPYFILE_FICLONE);
  copyFileSync(supervisorFile, join(folder, "supervisor.cjs"));
  writeFileSync(join(folder, closeInheritedFile), closeInherited);
  const filter = seccompFilter();
  if (filter !== undefined) writeFileSync(seccompPath(folder), filter);
  mkdirSync(join(folder, "etc"));
  for (const [name, text] of Object.entries(etcFiles)) writeFileSync(join(folder, "etc", name), text);
}
