import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { z } from "zod";
import { issueLine } from "../config/config-values.ts";
import { readSmallFile } from "../config/read-small-file.ts";

/** Where `init` writes, and where the other commands look, unless told. */
export const defaultFolder = "glovebox-cloudflare";

const configName = "wrangler.jsonc";

/** What is read of wrangler's own configuration. */
const schema = z.object({
  name: z.string().min(1),
  main: z.string().min(1),
  vars: z
    .object({ GLOVEBOX_SETTINGS: z.object({ images: z.record(z.string(), z.string()).default({}) }).optional() })
    .optional(),
  containers: z
    .array(
      z.object({
        name: z.string().optional(),
        class_name: z.string().optional(),
        images: z
          .record(
            z.string(),
            z.object({
              dockerfile: z.string().optional(),
              build_context: z.string().optional(),
              build_vars: z.record(z.string(), z.string()).optional(),
            }),
          )
          .optional(),
      }),
    )
    .min(1),
});

/** A Worker's project that is whole. */
export interface WorkerProject {
  readonly folder: string;
  readonly configFile: string;
  /** The Worker's name. */
  readonly name: string;
  /** The name of what its containers belong to. */
  readonly application: string;
  /** The images that are built, by their names. Empty where containers start from Cloudflare's own. */
  readonly images: ReadonlyMap<string, ProjectImage>;
  /** Images beside those that its settings name, by their references. */
  readonly references: readonly string[];
}

export interface ProjectImage {
  /** Absolute. Its folder is the build's context. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** Reads a project: in the folder that was named, else in this one, else in the one that `init` makes. */
export async function openProject(directory: string | undefined, cwd: string): Promise<WorkerProject> {
  const folder = directory === undefined ? implied(cwd) : resolve(cwd, directory);
  const configFile = join(folder, configName);
  const init = `glovebox cloudflare init${folder === cwd ? " ." : ` ${relative(cwd, folder)}`}`;
  const text = await readSmallFile(configFile);
  if (text === undefined) {
    throw new InvalidOptionsError(`There is no Worker's project in ${folder}: it has no ${configName}`, {
      hint: `Make one: \`${init}\`.`,
    });
  }
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    const line = text.slice(0, error.offset).split("\n").length;
    throw new InvalidOptionsError(`${configFile}, line ${line}: ${printParseErrorCode(error.error)}`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new InvalidOptionsError(`${configFile}: ${issueLine(parsed.error)}`);
  const { name, main, containers, vars } = parsed.data;
  const images = new Map<string, ProjectImage>();
  for (const [image, given] of containers.flatMap((container) => Object.entries(container.images ?? {}))) {
    const { dockerfile, build_context: context, build_vars: buildArgs = {} } = given;
    if (dockerfile === undefined) continue;
    const path = resolve(folder, dockerfile);
    if (context !== undefined && resolve(folder, context) !== dirname(path)) {
      throw new InvalidOptionsError(`${configName}: the image ${image} has a context beside its Dockerfile's folder`, {
        hint: "Move the Dockerfile into that folder, or use wrangler itself.",
      });
    }
    images.set(image, { dockerfile: path, buildArgs });
  }
  const dockerfiles = [...images.values()].map((image) => image.dockerfile);
  for (const file of [resolve(folder, main), join(folder, "src/glovebox/worker.js"), ...dockerfiles]) {
    if (existsSync(file)) continue;
    throw new InvalidOptionsError(`The project in ${folder} is not whole: ${relative(folder, file)} is missing`, {
      hint: `\`${init}\` writes what is missing, and keeps what you changed.`,
    });
  }
  const references = Object.values(vars?.GLOVEBOX_SETTINGS?.images ?? {});
  const box = containers.find((container) => container.class_name === "Box");
  return { folder, configFile, name, application: box?.name ?? `${name}-box`, images, references };
}

function implied(cwd: string): string {
  return existsSync(join(cwd, configName)) ? cwd : join(cwd, defaultFolder);
}
