import { InvalidOptionsError } from "@glovebox/core/provider";
import { type ComponentKind, componentKinds } from "../component-kind.ts";
import { badTreePath } from "../tree/tree-path.ts";
import type { ComponentRequest } from "./component-request.ts";

/**
 * The requests of a command line: each flag may be repeated and hold a list with commas; what is named twice counts
 * once. Throws `invalid-options` for a name that could not be one.
 */
export function parseRequests(flags: Readonly<Partial<Record<ComponentKind, readonly string[]>>>): ComponentRequest[] {
  const requests = componentKinds.flatMap((kind) =>
    (flags[kind] ?? []).flatMap((list) => {
      const names = list.split(",").map((name) => name.trim());
      if (names.every((name) => name === "")) throw new InvalidOptionsError(`--${kind} names nothing`);
      return names.filter((name) => name !== "").map((name) => ({ kind, name: checkName(kind, name) }));
    }),
  );
  return [...new Map(requests.map((request) => [`${request.kind} ${request.name}`, request])).values()];
}

/** Whether the name is a file or directory of this machine rather than one of a catalog. */
export function isPathName(name: string): boolean {
  return /^(\.{1,2}\/|\/|~\/|\.{1,2}$)/.test(name);
}

function checkName(kind: ComponentKind, name: string): string {
  if (isPathName(name)) {
    if (name.includes("\0")) throw badName(kind, name, "holds a NUL character");
    return name;
  }
  const inCatalog = name.replace(/^[A-Za-z][A-Za-z0-9._-]*:/, "");
  const bad = badTreePath(inCatalog);
  if (bad !== undefined) throw badName(kind, name, bad);
  return name;
}

function badName(kind: ComponentKind, name: string, reason: string): InvalidOptionsError {
  return new InvalidOptionsError(`--${kind} ${JSON.stringify(name)} ${reason}`, {
    hint: "Name a component as name, category/name, source:category/name, or ./path for a file of your own.",
  });
}
