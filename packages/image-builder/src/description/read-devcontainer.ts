import { dirname, isAbsolute, resolve } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import { type ParseError, parse } from "jsonc-parser";
import { z } from "zod";
import { requireInside } from "./require-inside.ts";
import type { TemplateDescription } from "./template-description.ts";

const texts = z.record(z.string(), z.string());

/** What is read of a devcontainer.json; editors' settings and the like are not. */
const devcontainerSchema = z.object({
  image: z.string().optional(),
  dockerFile: z.string().optional(),
  dockerComposeFile: z.unknown().optional(),
  context: z.string().optional(),
  build: z
    .object({
      dockerfile: z.string().optional(),
      context: z.string().optional(),
      args: texts.optional(),
      target: z.string().optional(),
      options: z.array(z.string()).optional(),
    })
    .optional(),
  features: z.record(z.string(), z.unknown()).optional(),
  containerEnv: texts.optional(),
  remoteEnv: z.record(z.string(), z.string().nullable()).optional(),
});

/** Keys that work on a running container; an agent starts without them. */
const withoutEffect = [
  ...["initializeCommand", "onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand"],
  ...["postAttachCommand", "mounts", "runArgs", "workspaceMount", "appPort"],
];

export interface ReadDevcontainer {
  /** The directory that its paths start from. */
  readonly directory: string;
  /** What takes the place of `devcontainer` in a description. */
  readonly description: Pick<TemplateDescription, "image" | "dockerfile" | "buildArgs" | "env">;
  /** Only `@devcontainers/cli` can build it: it has features, a target or a build context of another directory. */
  readonly needsCli: boolean;
  readonly notices: readonly string[];
}

/** Reads a devcontainer.json. Runs nothing of it. Throws `invalid-options` for what would reach beyond its directory. */
export async function readDevcontainer(path: string): Promise<ReadDevcontainer> {
  const text = await readHostText(path);
  if (text === undefined) throw new InvalidOptionsError(`${path} does not exist`);
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const parsed = devcontainerSchema.safeParse(value);
  if (errors.length > 0 || !parsed.success) {
    const issue = parsed.error?.issues[0];
    throw new InvalidOptionsError(
      safeLine(`${path}: ${issue === undefined ? "not JSON" : `"${issue.path.join(".")}": ${issue.message}`}`),
    );
  }
  const { image, build = {}, dockerFile, context = build.context, features = {}, ...rest } = parsed.data;
  const dockerfile = build.dockerfile ?? dockerFile;
  const refuse = (why: string) =>
    new InvalidOptionsError(`${path} ${why}`, { hint: "Describe the template with a Dockerfile instead." });
  if (rest.dockerComposeFile !== undefined) throw refuse("uses Docker Compose, which a sandbox has no use for");
  if (build.options !== undefined) throw refuse('has "build.options", which could reach files of this machine');
  if (/\$\{(localEnv|env)\b/.test(JSON.stringify([image, build, features])))
    throw refuse("copies variables of this machine into the image");
  if (image === undefined && dockerfile === undefined) throw refuse('has neither "image" nor "build.dockerfile"');
  const directory = dirname(path);
  await requireContextInside(path, dockerfile, context);
  const isOtherContext =
    dockerfile !== undefined &&
    context !== undefined &&
    resolve(directory, context) !== dirname(resolve(directory, dockerfile));
  const env = environment({ ...rest.containerEnv, ...rest.remoteEnv });
  const unused = withoutEffect.filter((key) => key in (value as object));
  return {
    directory,
    description: {
      ...(dockerfile === undefined ? { image } : { dockerfile }),
      ...(dockerfile === undefined || build.args === undefined ? {} : { buildArgs: build.args }),
      ...(Object.keys(env).length === 0 ? {} : { env }),
    },
    needsCli: Object.keys(features).length > 0 || build.target !== undefined || isOtherContext,
    notices: unused.length === 0 ? [] : [`${unused.join(", ")} of devcontainer.json have no effect in a sandbox`],
  };
}

/** The directory that a devcontainer.json is for. */
function projectOf(directory: string): string {
  const parts = directory.split("/");
  const at = parts.lastIndexOf(".devcontainer");
  return at === -1 ? directory : parts.slice(0, at).join("/") || "/";
}

/** What is sent to the engine: the directory of the Dockerfile, and the one that is named. */
async function requireContextInside(path: string, dockerfile: string | undefined, context: string | undefined) {
  const directory = dirname(path);
  for (const place of [dockerfile === undefined ? undefined : dirname(dockerfile), context]) {
    if (place === undefined) continue;
    const what = `${path}: ${place}`;
    if (isAbsolute(place)) throw new InvalidOptionsError(`${what} is outside the project`);
    await requireInside({ root: projectOf(directory), from: directory, place, what });
  }
}

/** Values that need a running container are left out. */
function environment(values: Readonly<Record<string, string | null>>): Record<string, string> {
  const found = Object.entries(values).filter(([, value]) => value !== null && !value.includes("${"));
  return Object.fromEntries(found) as Record<string, string>;
}
