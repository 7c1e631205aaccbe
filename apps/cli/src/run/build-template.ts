import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { readOwner } from "@glovebox/core";
import {
  InvalidOptionsError,
  type PrepareProgress,
  SandboxError,
  type Template,
  TemplateError,
} from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeLine, safeName } from "@glovebox/core/text";
import { loadRunHarness, providerName } from "../config/plugins.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { createConsent } from "../consent.ts";
import { StatusLine } from "../screen/status-line.ts";
import { buildDevContainer } from "../templates/build-dev-container.ts";
import { findRunTemplate, type RunTemplate, templateOf } from "../templates/run-template.ts";
import { TemplateStore } from "../templates/template-store.ts";
import type { Terminal } from "../terminal.ts";
import { openProvider, type ProviderOptions } from "./open-provider.ts";

export interface BuildTemplateOptions extends ProviderOptions {
  readonly harness?: string;
  readonly image?: string;
  readonly template?: string;
  readonly dockerfile?: string;
  readonly buildArg?: readonly string[];
  /** A description, a Dockerfile, a devcontainer.json, or a directory with one of them. */
  readonly file?: string | undefined;
  /** Builds it again although it exists. */
  readonly rebuild?: boolean;
  /** As `glovebox template build` does: without a description it is built in any case, with one only if it is new. */
  readonly isCommand?: boolean;
}

/** `glovebox template build`: builds what a run with the same options starts from. Resolves to the exit code. */
export async function buildTemplate(options: BuildTemplateOptions, terminal: Terminal): Promise<number> {
  const { stdout, stderr, env, cwd } = terminal;
  const home = stateDirectory(env);
  const { config: user } = await loadUserConfig(home);
  const status = new StatusLine(stderr);
  const say = (message: string) => (stderr.isAnimated ? status.set(message) : stderr.line(safeLine(message)));
  const { yes, json } = options;
  const consent = createConsent(terminal, { yes, json, ciAgrees: true, beforeAsking: () => status.stop() });
  const chosen = await chooseTemplate(options, { user, home, directory: cwd });
  const rebuild = options.rebuild ?? (options.isCommand === true && chosen.described === undefined);
  const { provider, setUp } = await openProvider(terminal, options);
  const harness = await loadRunHarness({ options, user, home, directory: cwd, versions: chosen.harnessVersions });
  let last = "";
  const onProgress = ({ message, output }: PrepareProgress) => {
    if (stderr.isAnimated) say(output === undefined ? message : `${message}: ${output}`);
    else if (message !== last) say(message);
    last = message;
  };
  try {
    const { signal } = new AbortController();
    await setUp({ consent, onProgress: say, signal });
    const { devcontainer } = chosen.described ?? {};
    if (devcontainer !== undefined) await buildDevContainer(devcontainer, { home, consent, rebuild, onProgress });
    const spec = { base: chosen.base, layers: [harness.template()] };
    const template = await provider
      .prepare(spec, { rebuild, ensureBuilt: true, owner: readOwner(home), onProgress })
      .catch((error: unknown) => {
        throw devcontainer === undefined ? error : withEngineHint(error);
      });
    if (chosen.described !== undefined) {
      const { providerId, reference, digest } = template;
      const build = { providerId, provider: providerName(options, user), reference, digest };
      new TemplateStore(home).add(chosen.described, { ...build, builtAt: new Date().toISOString() });
    }
    status.stop();
    printBuilt(chosen, template, { stdout, json });
    for (const notice of [template.notice, ...(chosen.described?.notices ?? [])]) {
      if (notice !== undefined) stderr.line(safeLine(notice));
    }
    return 0;
  } finally {
    status.stop();
  }
}

/** The description that was named, or the one of the current directory; else what the options say. */
async function chooseTemplate(
  options: BuildTemplateOptions,
  places: Parameters<typeof findRunTemplate>[1],
): Promise<RunTemplate> {
  const { file, template, image, dockerfile } = options;
  const { loadTemplate, descriptionNames } = await import("@glovebox/image-builder/description");
  const { home, directory } = places;
  if (file !== undefined) {
    if ([template, image, dockerfile].some((flag) => flag !== undefined)) {
      throw new InvalidOptionsError("A description excludes --template, --image and --dockerfile");
    }
    return templateOf(await loadTemplate(resolve(directory, file), { home }), false);
  }
  const isOpen = [template, image, dockerfile].every((flag) => flag === undefined);
  const here = descriptionNames.map((name) => join(directory, name)).find((path) => existsSync(path));
  if (isOpen && here !== undefined) return templateOf(await loadTemplate(here, { home }), false);
  return await findRunTemplate(options, places);
}

function printBuilt(
  { described }: RunTemplate,
  template: Template,
  { stdout, json }: Pick<Terminal, "stdout"> & { readonly json: boolean | undefined },
): void {
  if (json) stdout.json({ ...template, ...(described && { name: described.name, id: described.id }) });
  else {
    const name = described === undefined ? template.reference : `${described.id}: ${template.reference}`;
    stdout.line(`${safeName(name)} ${template.reused ? "was there" : "was built"}`);
  }
}

/** The image of a dev container is on the engine of this machine, and on no other one. */
function withEngineHint(error: unknown): unknown {
  if (!SandboxError.isInstance(error) || error.code !== "template") return error;
  return new TemplateError(error.message, {
    hint: "A devcontainer.json with features works with providers that use the container engine of this machine.",
    cause: error,
  });
}
