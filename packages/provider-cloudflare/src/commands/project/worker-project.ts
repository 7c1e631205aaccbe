import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";
import { z } from "zod";
import { issueLine } from "./issue-line.ts";

/** The default directory of a project. */
export const defaultDirectory = "glovebox-cloudflare";

const configName = "wrangler.jsonc";

/** The parts of wrangler's configuration that are read. */
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

/** A complete project of a Worker. */
export interface WorkerProject {
  readonly directory: string;
  readonly configFile: string;
  /** The Worker's name. */
  readonly name: string;
  /** The name of its container application. */
  readonly application: string;
  /** The images to build, by name. Empty if containers start from Cloudflare's own. */
  readonly images: ReadonlyMap<string, ProjectImage>;
  /** References of additional images in its settings. */
  readonly references: readonly string[];
}

export interface ProjectImage {
  /** Absolute path. Its directory is the build context. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** Reads the project in `path`, by default in the current directory or the one that `init` creates. */
export async function openProject(path: string | undefined, cwd: string): Promise<WorkerProject> {
  const directory = path === undefined ? implied(cwd) : resolve(cwd, path);
  const configFile = join(directory, configName);
  const init = `glovebox cloudflare init${directory === cwd ? " ." : ` ${relative(cwd, directory)}`}`;
  const text = await readHostText(configFile);
  if (text === undefined) {
    throw new InvalidOptionsError(`No Worker project in ${directory}: ${configName} is missing`, {
      hint: `Create one: \`${init}\`.`,
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
  for (const [image, configuration] of containers.flatMap((container) => Object.entries(container.images ?? {}))) {
    const { dockerfile, build_context: context, build_vars: buildArgs = {} } = configuration;
    if (dockerfile === undefined) continue;
    const path = resolve(directory, dockerfile);
    if (context !== undefined && resolve(directory, context) !== dirname(path)) {
      throw new InvalidOptionsError(
        `${configName}: the image ${image} has a context beside its Dockerfile's directory`,
        {
          hint: "Move the Dockerfile into that directory, or use wrangler itself.",
        },
      );
    }
    images.set(image, { dockerfile: path, buildArgs });
  }
  const dockerfiles = [...images.values()].map((image) => image.dockerfile);
  for (const file of [resolve(directory, main), join(directory, "src/glovebox/worker.js"), ...dockerfiles]) {
    if (existsSync(file)) continue;
    throw new InvalidOptionsError(
      `The project in ${directory} is incomplete: ${relative(directory, file)} is missing`,
      {
        hint: `Run \`${init}\`: it writes missing files and keeps your changes.`,
      },
    );
  }
  const references = Object.values(vars?.GLOVEBOX_SETTINGS?.images ?? {});
  const container = containers.find(({ class_name }) => class_name === "SandboxObject");
  return { directory, configFile, name, application: container?.name ?? `${name}-sandboxobject`, images, references };
}

function implied(cwd: string): string {
  return existsSync(join(cwd, configName)) ? cwd : join(cwd, defaultDirectory);
}
