import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { isAbsolute, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { moduleResolve } from "import-meta-resolve";
import { InvalidOptionsError } from "../../errors/index.ts";
import { readHostTextSync } from "../../host-files/read-host-file.ts";

/** Where plugins are looked for. */
export interface FindPluginOptions {
  readonly resolveFrom: readonly string[];
  readonly pathsFrom?: string;
}

/** The URL of the module that the name or path stands for. Throws `invalid-options` where there is none. */
export function findPlugin(kind: string, name: string, options: FindPluginOptions): string {
  if (isPath(name) && options.pathsFrom !== undefined) return findPath(kind, resolve(options.pathsFrom, name));
  const packageName = packageNameOf(kind, name);
  for (const directory of options.resolveFrom) {
    const url = resolvePackage(packageName, directory);
    if (url !== undefined) return url;
  }
  throw new InvalidOptionsError(`The ${kind} ${name} is not installed`, { hint: `npm install ${packageName}` });
}

/** Imports a plugin's module. What it throws meanwhile is reported as one line. */
export async function importPlugin(
  kind: string,
  name: string,
  { url, importMs }: { readonly url: string; readonly importMs: number },
): Promise<Record<string, unknown>> {
  let timer: NodeJS.Timeout | undefined;
  // A module may wait for what never comes. The timer also keeps the process from ending quietly meanwhile.
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it was not loaded within ${importMs / 1000} s`)), importMs);
  });
  try {
    return (await Promise.race([import(url), timedOut])) as Record<string, unknown>;
  } catch (error) {
    const { message, hint } = explain(error, url);
    throw new InvalidOptionsError(`The ${kind} ${name} cannot be loaded: ${message}`, { hint, cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function isPath(name: string): boolean {
  return isAbsolute(name) || /^\.{1,2}(?:[/\\]|$)/.test(name);
}

function packageNameOf(kind: string, name: string): string {
  if (/^[a-z0-9][a-z0-9._-]*$/.test(name)) return `@glovebox/${kind}-${name}`;
  if (/^@[a-z0-9][a-z0-9._-]*\/[a-z0-9][a-z0-9._-]*$/.test(name)) return name;
  throw new InvalidOptionsError(`${JSON.stringify(name)} is not the name of a ${kind}`, {
    hint: `A short name such as docker, a package's full name such as @acme/glovebox-x, or a path such as ./my-plugin.`,
  });
}

function findPath(kind: string, path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new InvalidOptionsError(`The ${kind} ${path} does not exist`, {
      hint: "A path names the directory of a package, or a module.",
    });
  }
  if (found.isFile()) return pathToFileURL(path).href;
  if (!found.isDirectory()) throw new InvalidOptionsError(`The ${kind} ${path} is neither a file nor a directory`);
  const { name, exports } = readManifest(kind, path);
  const url = exports !== undefined && name !== undefined ? resolvePackage(name, path) : resolvePackage(path, path);
  if (url !== undefined) return url;
  throw new InvalidOptionsError(`The directory ${path} holds no ${kind}`, {
    hint: "Its package.json names the module in exports or main.",
  });
}

function readManifest(kind: string, directory: string): { readonly name?: string; readonly exports?: unknown } {
  const path = join(directory, "package.json");
  try {
    const text = readHostTextSync(path);
    if (text === undefined)
      throw new InvalidOptionsError(`The directory ${directory} holds no ${kind}: it has no package.json`);
    const { name, exports } = JSON.parse(text) as Record<string, unknown>;
    return { ...(typeof name === "string" ? { name } : {}), ...(exports === undefined ? {} : { exports }) };
  } catch (error) {
    if (error instanceof InvalidOptionsError) throw error;
    throw new InvalidOptionsError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** `undefined` when there is no such package from there. */
function resolvePackage(specifier: string, directory: string): string | undefined {
  const parent = join(resolve(directory), "package.json");
  try {
    // First the way that knows the conditions this process was started with.
    return pathToFileURL(createRequire(parent).resolve(specifier)).href;
  } catch (error) {
    if (codeOf(error) === "MODULE_NOT_FOUND") return undefined;
    if (codeOf(error) !== "ERR_PACKAGE_PATH_NOT_EXPORTED") throw unresolved(specifier, directory, error);
  }
  try {
    return moduleResolve(specifier, pathToFileURL(parent)).href;
  } catch (error) {
    throw unresolved(specifier, directory, error);
  }
}

function unresolved(specifier: string, directory: string, error: unknown): InvalidOptionsError {
  return new InvalidOptionsError(`${specifier} cannot be loaded from ${directory}: ${firstLine(error)}`, {
    cause: error,
  });
}

function explain(error: unknown, url: string): { readonly message: string; readonly hint: string } {
  const message = firstLine(error);
  switch (codeOf(error)) {
    case "ERR_UNKNOWN_FILE_EXTENSION":
      if (!/\.[cm]?ts$/.test(url)) return { message, hint: "A module ends in .js, .mjs, .cjs or .ts." };
      return {
        message: `this Node (${process.versions.node}) runs no TypeScript`,
        hint: "Use Node 22.18 or newer, or build it to JavaScript.",
      };
    case "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING":
      return {
        message: "Node runs no TypeScript below node_modules",
        hint: "Build it to JavaScript, and have its package.json export what was built.",
      };
    case "ERR_MODULE_NOT_FOUND":
    case "MODULE_NOT_FOUND":
      return { message, hint: "Are its dependencies installed? `npm install` in its directory." };
    default:
      return { message, hint: `This went wrong while ${fileURLToPath(url)} was imported.` };
  }
}

function codeOf(error: unknown): unknown {
  return (error as { readonly code?: unknown } | null)?.code;
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n", 1)[0] ?? "";
}
