import { createHash } from "node:crypto";
import { mkdtemp, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { makeHostDirectory } from "@glovebox/core/host-files";
import { dropUndefined, InvalidOptionsError, type StartCommand, type TemplateBase } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { contextDigest, readBuildContext } from "../context/build-context.ts";
import { imageReference } from "../image/image-names.ts";
import { copyBuildContext, copyContext } from "./context-copy.ts";
import type { LoadedTemplate } from "./loaded-template.ts";
import { readDescription } from "./read-description.ts";
import { type ReadDevcontainer, readDevcontainer } from "./read-devcontainer.ts";
import { requireInside } from "./require-inside.ts";
import { holdsSecret, isSecretVariable } from "./secret-text.ts";
import type { TemplateDescription } from "./template-description.ts";
import { writeDockerfile } from "./write-dockerfile.ts";

/** Part of every id. Increment it when the same description gives another image. */
const formatVersion = 1;

/** How a description is loaded. Every option may be left out. */
export interface LoadTemplateOptions {
  /** The state directory, in which build contexts are kept. `$GLOVEBOX_HOME` or `~/.glovebox` by default. */
  readonly home?: string;
}

/**
 * Loads a template: `glovebox.template.yaml` or its JSON, a Dockerfile, a devcontainer.json, or a directory with one of them.
 * Builds nothing. Throws `invalid-options` for a description that is wrong, for files outside its directory, and for secrets.
 *
 *     const template = await loadTemplate("./glovebox.template.yaml");
 *     run({ prompt, provider, harness, base: template.base, start: template.start, env: template.env });
 */
export async function loadTemplate(file: string, options: LoadTemplateOptions = {}): Promise<LoadedTemplate> {
  const { path, description: read } = await readDescription(resolve(file));
  const source = dirname(path);
  for (const place of [read.dockerfile, read.devcontainer]) {
    // Its directory becomes a build context.
    if (place !== undefined) await requireInside({ root: source, from: source, place: dirname(place), what: place });
  }
  const devcontainer =
    read.devcontainer === undefined ? undefined : await readDevcontainer(join(source, read.devcontainer));
  const description = { ...read, ...devcontainer?.description };
  refuseSecrets(description);
  const directory = join(options.home ?? stateDirectory(), "templates");
  const places = { source: devcontainer?.directory ?? source, directory };
  const cli = devcontainer?.needsCli ? await forCli(join(source, read.devcontainer ?? ""), devcontainer) : undefined;
  const described = cli === undefined ? description : { ...description, ...cli.description };
  const { base, digest } = await baseOf(described, places);
  const { name, env = {}, start, agent = {} } = description;
  const inputs = [formatVersion, base.kind, digest, env, start ?? null, Object.entries(agent).sort()];
  const id = `${name}-${createHash("sha256").update(JSON.stringify(inputs)).digest("hex").slice(0, 12)}`;
  return {
    ...{ name, id, path, description, base, env, harnessVersions: agent, notices: devcontainer?.notices ?? [] },
    ...(start === undefined ? {} : { start: startCommand(start) }),
    ...(cli === undefined ? {} : { devcontainer: cli.build }),
  };
}

/** What `@devcontainers/cli` has to build, and the image that comes of it in place of what the file starts from. */
async function forCli(config: string, { description, directory }: ReadDevcontainer) {
  const context = await readBuildContext(config);
  const dockerfile = description.dockerfile === undefined ? config : resolve(directory, description.dockerfile);
  const inputs = [await contextDigest(context), await contextDigest(await readBuildContext(dockerfile))];
  const reference = imageReference("user", digestOf(inputs));
  const nothing = { dockerfile: undefined, buildArgs: undefined };
  return { description: { ...nothing, image: reference }, build: { config, reference } };
}

interface Places {
  /** What the paths of the description start from. */
  readonly source: string;
  /** Where build contexts are kept. */
  readonly directory: string;
}

async function baseOf(
  description: TemplateDescription,
  { source, directory }: Places,
): Promise<{ readonly base: TemplateBase; readonly digest: string }> {
  const { image, dockerfile, buildArgs = {}, packages, files, setup } = description;
  if (dockerfile !== undefined) {
    return await copiedContext(resolve(source, dockerfile), buildArgs, directory);
  }
  if (packages === undefined && files === undefined && setup === undefined) {
    if (image === undefined) return { base: { kind: "default" }, digest: "" };
    return { base: { kind: "image", reference: image }, digest: image };
  }
  return await writtenContext(description, { source, directory });
}

/** Copies the build context of a Dockerfile, so that the template's name always means what was built. */
async function copiedContext(path: string, buildArgs: Readonly<Record<string, string>>, directory: string) {
  const context = await readBuildContext(path);
  if (holdsSecret(context.dockerfileText)) throw refused(path, "it contains a key or a token");
  return await makeContext(directory, async (partial) => {
    await copyBuildContext(context, partial);
    const inputs = [await contextDigest(context), context.dockerfile, Object.entries(buildArgs).sort()];
    return { dockerfile: context.dockerfile, buildArgs, digest: digestOf(inputs) };
  });
}

/** Writes the Dockerfile and the files of a description. */
async function writtenContext(description: TemplateDescription, { source, directory }: Places) {
  return await makeContext(directory, async (partial) => {
    const { copied, digest: files } = await copyContext(description.files ?? [], { source, target: partial });
    const text = writeDockerfile(description, description.image, copied);
    await writeFile(join(partial, "Dockerfile"), text, { flag: "wx", mode: 0o644 });
    return { dockerfile: "Dockerfile", buildArgs: {}, digest: digestOf([text, files]) };
  });
}

interface MadeContext {
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly digest: string;
}

/** Makes a build context in a directory that is named by its content. */
async function makeContext(directory: string, fill: (partial: string) => Promise<MadeContext>) {
  await makeHostDirectory(directory, 0o700);
  const partial = await mkdtemp(join(directory, ".making-"));
  try {
    const { dockerfile, buildArgs, digest } = await fill(partial);
    const place = join(directory, digest.slice(0, 32));
    await rename(partial, place).catch(async (error: NodeJS.ErrnoException) => {
      // The same content, written before.
      if (!(await stat(join(place, dockerfile)).catch(() => undefined))?.isFile()) throw error;
    });
    return { base: { kind: "dockerfile", path: join(place, dockerfile), buildArgs } as const, digest };
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

function startCommand({ command, ready, timeout }: NonNullable<TemplateDescription["start"]>): StartCommand {
  return {
    argv: shell(command),
    ...dropUndefined({
      ready: ready !== undefined && "command" in ready ? { argv: shell(ready.command) } : ready,
      timeoutMs: timeout === undefined ? undefined : milliseconds(timeout),
    }),
  };
}

function shell(command: string): readonly [string, ...string[]] {
  return ["/bin/sh", "-c", command];
}

function milliseconds(duration: string): number {
  const [, amount, unit] = /^([\d.]+)(ms|s|m)$/.exec(duration) ?? [];
  return Number(amount) * (unit === "ms" ? 1 : unit === "s" ? 1000 : 60_000);
}

function refuseSecrets({ env = {}, buildArgs = {}, setup = [], start }: TemplateDescription): void {
  for (const [name, value] of Object.entries({ ...buildArgs, ...env })) {
    if (isSecretVariable(name, value)) throw refused(`"${name}"`, "it looks like a secret", "Pass it to a run: --env.");
  }
  const commands = [...setup, start?.command ?? ""];
  if (commands.some(holdsSecret)) throw refused("A command", "it contains a key or a token");
}

/** Never repeats the secret. */
function refused(what: string, why: string, how = "Pass secrets to a run: --env, --credential."): InvalidOptionsError {
  return new InvalidOptionsError(`${what} is not part of a template: ${why}`, {
    hint: `Everyone who has the template could read it. ${how}`,
  });
}

function digestOf(inputs: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
}
