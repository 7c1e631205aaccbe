import { statSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidOptionsError, type TemplateBase } from "@glovebox/core/provider";
import type { RunOptions } from "../config/run-options.ts";
import type { UserConfig } from "../config/user-config.ts";
import { parsePair } from "./assignments.ts";

type BaseOptions = Pick<RunOptions, "image" | "template" | "dockerfile" | "buildArg">;

/** What the sandbox starts from: as the flags say, else the configuration. */
export function baseOf(options: BaseOptions, user: UserConfig, directory: string): TemplateBase {
  const named = options.image ?? options.template;
  if (options.image !== undefined && options.template !== undefined) {
    throw new InvalidOptionsError("--image and --template are aliases: give one of them");
  }
  const flagged = named !== undefined || options.dockerfile !== undefined;
  const { image, dockerfile } = flagged ? { image: named, dockerfile: options.dockerfile } : user;
  if (image !== undefined && dockerfile !== undefined) {
    throw new InvalidOptionsError("--image and --dockerfile exclude each other");
  }
  const buildArgs = Object.fromEntries((options.buildArg ?? []).map((text) => parsePair("--build-arg", text)));
  if (dockerfile === undefined && Object.keys(buildArgs).length > 0) {
    throw new InvalidOptionsError("--build-arg requires --dockerfile");
  }
  if (image !== undefined) return { kind: "image", reference: image };
  if (dockerfile === undefined) return { kind: "default" };
  const path = resolve(directory, dockerfile);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new InvalidOptionsError(`--dockerfile: ${path} is not a file`);
  }
  return { kind: "dockerfile", path, buildArgs };
}
