import { InvalidOptionsError } from "@glovebox/core/provider";
import type { PluginKind } from "./plugin-kind.ts";

export interface PackageName {
  readonly name: string;
  /** A version, a range or a tag. */
  readonly version?: string;
}

const shape = /^((?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*)(?:@([0-9A-Za-z^~][0-9A-Za-z.+-]*))?$/;

/** A registry's package and nothing else: what npm would take for a path, an address or an option is refused. */
export function parsePackageName(kind: PluginKind, text: string): PackageName {
  const [, packageName, version] = shape.exec(text) ?? [];
  if (packageName === undefined) {
    throw new InvalidOptionsError(`${JSON.stringify(text)} is not the name of a package`, {
      hint: `As in @acme/glovebox-x or @acme/glovebox-x@1.2.0. What lies in a directory needs no installing: --${kind} ./directory.`,
    });
  }
  const name = packageName.startsWith("@") ? packageName : `@glovebox/${kind}-${packageName}`;
  return { name, ...(version === undefined ? {} : { version }) };
}

/** As a plugin is packageName on the command line: ours by their short names. */
export function shortName(kind: PluginKind, packageName: string): string {
  const prefix = `@glovebox/${kind}-`;
  return packageName.startsWith(prefix) ? packageName.slice(prefix.length) : packageName;
}
