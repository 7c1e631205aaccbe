import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import {
  InvalidOptionsError,
  type SandboxProvider,
  type StartCommand,
  type TemplateBase,
} from "@glovebox/core/provider";
import type { LoadedTemplate } from "@glovebox/image-builder/description";
import { didYouMean } from "../config/did-you-mean.ts";
import type { RunOptions } from "../config/run-options.ts";
import type { UserConfig } from "../config/user-config.ts";
import { parsePair } from "../plan/assignments.ts";
import { TemplateStore } from "./template-store.ts";

/** What a sandbox starts from, and what a described template brings to a run. */
export interface RunTemplate {
  readonly base: TemplateBase;
  readonly start?: StartCommand;
  readonly env: Readonly<Record<string, string>>;
  readonly harnessVersions: Readonly<Record<string, string>>;
  /** The description, where there is one. */
  readonly described?: LoadedTemplate;
  /** Whether it was found by its name: then it was built before. */
  readonly isBuilt: boolean;
  /** What it became at each provider, by the provider's id. */
  readonly references?: Readonly<Record<string, string>>;
}

/** What a provider starts from: one that builds no Dockerfiles has the template by its own name for it. */
export function baseFor(template: RunTemplate, { id, capabilities }: SandboxProvider): TemplateBase {
  const reference = template.references?.[id];
  if (template.base.kind !== "dockerfile" || capabilities.templates.dockerfile || reference === undefined) {
    return template.base;
  }
  return { kind: "image", reference };
}

type BaseOptions = Pick<RunOptions, "image" | "template" | "dockerfile" | "buildArg">;

interface Places {
  readonly user: UserConfig;
  readonly home: string;
  /** The current directory: what a path that was typed starts from. */
  readonly directory: string;
}

/** What the sandbox starts from: as the flags say, else the configuration. Reads a description and builds nothing. */
export async function findRunTemplate(options: BaseOptions, { user, home, directory }: Places): Promise<RunTemplate> {
  const kinds = ["template", "image", "dockerfile"] as const;
  const flagged = kinds.some((kind) => options[kind] !== undefined);
  const { template, image, dockerfile } = flagged ? options : user;
  const chosen = kinds.filter((kind) => ({ template, image, dockerfile })[kind] !== undefined);
  if (chosen.length > 1) throw new InvalidOptionsError(`--${chosen.join(" and --")} exclude each other`);
  const buildArgs = Object.fromEntries((options.buildArg ?? []).map((text) => parsePair("--build-arg", text)));
  if (dockerfile === undefined && Object.keys(buildArgs).length > 0) {
    throw new InvalidOptionsError("--build-arg requires --dockerfile");
  }
  // A path in the configuration starts from the directory of the configuration.
  if (template !== undefined) return await describedTemplate(template, { home, directory: flagged ? directory : home });
  const plain = { env: {}, harnessVersions: {}, isBuilt: false };
  if (image !== undefined) return { ...plain, base: { kind: "image", reference: image } };
  if (dockerfile === undefined) return { ...plain, base: { kind: "default" } };
  const path = resolve(directory, dockerfile);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new InvalidOptionsError(`--dockerfile: ${path} is not a file`);
  }
  return { ...plain, base: { kind: "dockerfile", path, buildArgs } };
}

async function describedTemplate(name: string, { home, directory }: Omit<Places, "user">): Promise<RunTemplate> {
  const path = resolve(directory, name);
  const store = new TemplateStore(home);
  const isName = /^[a-z0-9-]+$/.test(name);
  const record = isName ? store.find(name) : undefined;
  if (record !== undefined) {
    const references = Object.fromEntries(record.builds.map(({ providerId, reference }) => [providerId, reference]));
    return { ...templateOf(record.template, true), references };
  }
  if (isName && !existsSync(path)) throw unknown(name, store);
  const { loadTemplate } = await import("@glovebox/image-builder/description");
  return templateOf(await loadTemplate(path, { home }), false);
}

/** Makes the template of a run from its description. */
export function templateOf(described: LoadedTemplate, isBuilt: boolean): RunTemplate {
  const { base, start, env, harnessVersions } = described;
  return { base, env, harnessVersions, described, isBuilt, ...(start === undefined ? {} : { start }) };
}

/** The error for a name that no template has. */
export function unknown(name: string, store: TemplateStore): InvalidOptionsError {
  const names = store.list().map(({ template }) => template.name);
  const meant = didYouMean(name, names);
  const nearest = meant === undefined ? "" : `Did you mean ${meant}? `;
  return new InvalidOptionsError(`No template called ${name} was built here`, {
    hint: `${nearest}Build it from its description: \`glovebox template build FILE\`. For an image or a template of the provider's own, use --image.`,
  });
}
