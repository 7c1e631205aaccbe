import { readFileSync } from "node:fs";

interface BuiltIn {
  /** The provider and the harness that are used unless others are named. */
  readonly provider: string;
  readonly harness: string;
  /** Plugins that are published under a short name and do not come with this program. */
  readonly published: { readonly provider: readonly string[]; readonly harness?: readonly string[] };
  /** The commands of published providers, and which provider each belongs to. */
  readonly publishedCommands: Readonly<Record<string, string>>;
  /** How the names of variables begin that published plugins read. */
  readonly reservedVariables: readonly string[];
}

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  readonly name: string;
  readonly version: string;
  readonly glovebox: BuiltIn;
};

/** What this program knows of plugins by name: data of its package.json, so that its code names none. */
export const builtIn = manifest.glovebox;

/** The name under which this package is published. */
export const packageName = manifest.name;

/** The version of this package. */
export const version = manifest.version;

/** The directory of this package, in which the files are that it ships. */
export const packageDirectory = new URL("../", import.meta.url);
