import { createHash } from "node:crypto";
import { resolve } from "node:path";
import { InvalidOptionsError, type TemplateBase, TemplateError } from "@glovebox/core/provider";
import type Docker from "dockerode";
import { mapEngineError } from "../engine/engine-error.ts";
import { contextDigest, readBuildContext, tarOfContext } from "./build-context.ts";
import { certificatesImage } from "./certificates-image.ts";
import { proxyBuildArgs } from "./host-build-args.ts";
import { buildImage } from "./image-builder.ts";
import { imageId } from "./image-id.ts";
import { imageLabel, imageReference } from "./image-names.ts";
import type { PrepareTemplateOptions } from "./prepare-template-options.ts";
import { pullImage } from "./pull-image.ts";
import { nameBuiltImage } from "./tag-image.ts";
import { parseDockerfile, parserDirectives, stageImage, trustingDockerfile } from "./trusting-dockerfile.ts";

export interface UserImage {
  readonly id: string;
  /** A name that a Dockerfile's `FROM` can use: an id alone cannot be named there with BuildKit. */
  readonly reference: string;
}

type UserBase = Exclude<TemplateBase, { kind: "default" }>;

/** Finds, pulls or builds the image that a user wants to start from. */
export async function userImage(engine: Docker, base: UserBase, options: PrepareTemplateOptions): Promise<UserImage> {
  return base.kind === "image" ? namedImage(engine, base.reference, options) : builtImage(engine, base, options);
}

async function namedImage(engine: Docker, name: string, options: PrepareTemplateOptions): Promise<UserImage> {
  const { signal, onProgress, registryLogin, env = process.env } = options;
  if (!/^[A-Za-z0-9][\w.:/@-]*$/.test(name) || name.includes("..")) {
    throw new InvalidOptionsError(`Not an image's name: ${name}`, {
      providerId: "docker",
      hint: "A name is written as in `docker pull`: python:3.13-slim, or registry.example/team/image:tag.",
    });
  }
  let id = await imageId(engine, name, signal);
  if (id === undefined) {
    try {
      await pullImage(engine, name, {
        env,
        ...(registryLogin && { registryLogin }),
        ...(onProgress && { onProgress }),
        ...(signal && { signal }),
      });
    } catch (error) {
      const mapped = mapEngineError(error, `pulling ${name}`);
      if (mapped.code === "aborted") throw mapped;
      throw new TemplateError(`The image ${name} is not on this engine and could not be pulled: ${mapped.message}`, {
        providerId: "docker",
        hint: "Check the name, log in with `docker login`, or bring it with `docker load`.",
        retryable: mapped.retryable,
        cause: error,
      });
    }
    id = await imageId(engine, name, signal);
  }
  if (id === undefined) throw new TemplateError(`The image ${name} is gone again`, { providerId: "docker" });
  return { id, reference: imageReference("user", id.replace("sha256:", "")) };
}

async function builtImage(
  engine: Docker,
  base: Extract<TemplateBase, { kind: "dockerfile" }>,
  options: PrepareTemplateOptions,
): Promise<UserImage> {
  const { signal, onProgress, rebuild, env = process.env } = options;
  const context = await readBuildContext(resolve(base.path));
  const buildArgs = base.buildArgs ?? {};
  const inputs = [await contextDigest(context), context.dockerfile, Object.entries(buildArgs).sort()];
  const digest = createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
  const reference = imageReference("user", digest);
  const there = rebuild === true ? undefined : await imageId(engine, reference, signal);
  if (there !== undefined) return { id: there, reference };

  const { text, missing } = await buildableHere(engine, context.dockerfileText, buildArgs, options);
  const certificates = await certificatesImage(engine, env, signal);
  const id = await buildImage(engine, {
    context: tarOfContext(context, certificates === undefined ? text : trustingDockerfile(text, certificates)),
    dockerfile: context.dockerfile,
    buildArgs: { ...proxyBuildArgs(env), ...buildArgs },
    labels: { [imageLabel]: "1" },
    what: base.path,
    ...hintOf(missing, text !== context.dockerfileText),
    ...(rebuild && { noCache: true }),
    ...(onProgress && { onProgress }),
    ...(signal && { signal }),
  });
  return { id: await nameBuiltImage(engine, id, reference, rebuild === true), reference };
}

/**
 * Pulls what a Dockerfile starts from, so that private images work: BuildKit would ask for credentials on a session.
 * What cannot be pulled is left to the build to complain about, but for the image of a `# syntax=` line, without which
 * the engine's own frontend takes over.
 */
async function buildableHere(
  engine: Docker,
  text: string,
  buildArgs: Readonly<Record<string, string>>,
  options: PrepareTemplateOptions,
): Promise<{ readonly text: string; readonly missing: readonly string[] }> {
  const { syntax } = parserDirectives(text);
  const missing: string[] = [];
  for (const name of baseImages(text, buildArgs)) if (!(await isHere(engine, name, options))) missing.push(name);
  if (syntax === undefined || (await isHere(engine, syntax, options))) return { text, missing };
  options.onProgress?.({ message: `building without ${syntax}, which cannot be pulled` });
  return { text: text.replace(/^\s*#\s*syntax\s*=.*$/im, "#"), missing };
}

/** What to say when the build fails: the likeliest cause first. */
function hintOf(missing: readonly string[], isOtherSyntax: boolean): { readonly hint?: string } {
  const [name] = missing;
  if (name !== undefined) {
    const how = "check the name, log in with `docker login`, or bring it with `docker load`";
    return { hint: `${name}, which it starts from, is not on this engine and could not be pulled: ${how}.` };
  }
  if (!isOtherSyntax) return {};
  return {
    hint: "The image of its `# syntax=` line cannot be pulled, and this engine's own syntax may be older (here-documents need Docker 23).",
  };
}

async function isHere(engine: Docker, name: string, options: PrepareTemplateOptions): Promise<boolean> {
  const { signal, onProgress, registryLogin, env = process.env } = options;
  if ((await imageId(engine, name, signal)) !== undefined) return true;
  try {
    await pullImage(engine, name, {
      env,
      ...(registryLogin && { registryLogin }),
      ...(onProgress && { onProgress }),
      ...(signal && { signal }),
    });
    return true;
  } catch (error) {
    if (mapEngineError(error, "").code === "aborted") throw error;
    return false;
  }
}

function baseImages(text: string, buildArgs: Readonly<Record<string, string>>): readonly string[] {
  const args = new Map<string, string>();
  const stages = new Set<string>(["scratch"]);
  const found = new Set<string>();
  for (const instruction of parseDockerfile(text)) {
    if (instruction.keyword === "ARG" && stages.size === 1) {
      const [, name = "", value = ""] = /^(\w+)(?:=["']?([^"'\s]*))?/.exec(instruction.rest) ?? [];
      args.set(name, buildArgs[name] ?? value);
    }
    if (instruction.keyword !== "FROM") continue;
    const image = stageImage(instruction).replace(/\$\{?(\w+)\}?/g, (_, name: string) => args.get(name) ?? "");
    if (image !== "" && !/[${}]/.test(image) && !stages.has(image.toLowerCase())) found.add(image);
    stages.add(/\sAS\s+(\S+)/i.exec(instruction.rest)?.[1]?.toLowerCase() ?? "");
  }
  return [...found];
}
