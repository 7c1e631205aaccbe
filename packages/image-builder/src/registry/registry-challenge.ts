/** How a registry wants a request to be authorized. */
export type RegistryChallenge =
  | { readonly scheme: "basic" }
  | { readonly scheme: "bearer"; readonly realm: string; readonly service?: string; readonly scope?: string };

/** Reads a `WWW-Authenticate` header. `undefined` where it asks for nothing that is known. */
export function parseChallenge(header: string | null): RegistryChallenge | undefined {
  const [, scheme = "", rest = ""] = /^\s*(\w+)\s*(.*)$/s.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "basic") return { scheme: "basic" };
  if (scheme.toLowerCase() !== "bearer") return undefined;
  const values = new Map<string, string>();
  for (const [, name = "", quoted, bare] of rest.matchAll(/(\w+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g))
    values.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "");
  const [realm, service, scope] = ["realm", "service", "scope"].map((name) => values.get(name));
  if (realm === undefined || !URL.canParse(realm)) return undefined;
  return {
    scheme: "bearer",
    realm,
    ...(service === undefined ? {} : { service }),
    ...(scope === undefined ? {} : { scope }),
  };
}
