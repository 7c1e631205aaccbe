import { statSync } from "node:fs";
import { resolve } from "node:path";
import { InvalidOptionsError, type Mount } from "@glovebox/core/provider";

/** `HOST:SANDBOX`, with `:ro` for read-only. What is forbidden beyond its form, the provider refuses. */
export function parseMount(text: string, directory: string): Mount {
  const match = /^((?:[A-Za-z]:[\\/])?[^:]+):([^:]+)(?::(ro|rw))?$/.exec(text);
  const [, source, target, mode] = match ?? [];
  if (source === undefined || target === undefined) {
    throw new InvalidOptionsError(`--mount ${text} is not HOST:SANDBOX or HOST:SANDBOX:ro`, {
      hint: "For example --mount ./data:/data:ro.",
    });
  }
  if (!target.startsWith("/")) {
    throw new InvalidOptionsError(`--mount ${text}: the path in the sandbox must be absolute`, {
      hint: `For example --mount ${source}:/mnt/${target.replace(/^[./]+/, "")}.`,
    });
  }
  const path = resolve(directory, source);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new InvalidOptionsError(`--mount ${text}: ${path} does not exist`);
  }
  return { source: path, target, readOnly: mode === "ro" };
}
