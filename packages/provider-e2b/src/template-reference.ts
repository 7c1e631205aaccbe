import { InvalidOptionsError, type Template, type TemplateLayer } from "@glovebox/core/provider";

/** What `Template.reference` says: `NAME`, `NAME + package@1.2.3 …`, `snapshot:ID`. */
export interface TemplateReference {
  /** The name or id by which E2B makes a sandbox of it. */
  readonly name: string;
  /** `built` holds all that is needed; `foreign` is set up when a sandbox is made of it; `snapshot` as what it was made of. */
  readonly kind: "built" | "foreign" | "snapshot";
  /** The npm packages that a sandbox of a foreign template gets: `name@1.2.3`. */
  readonly packages: readonly string[];
}

const separator = " + ";
const snapshotPrefix = "snapshot:";
/** Templates of ours are told by their name. */
export const builtPrefix = "glovebox-";

const packageName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const packageVersion = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

export function formatReference({ name, kind, packages }: TemplateReference): string {
  if (kind === "snapshot") return `${snapshotPrefix}${name}`;
  return [name, ...(packages.length > 0 ? [packages.join(" ")] : [])].join(separator);
}

/** Throws for a template that is not this provider's. */
export function readReference({ providerId, reference }: Template): TemplateReference {
  if (providerId !== "e2b") throw invalid(`The template was prepared by the provider ${providerId}, not by e2b`);
  if (reference.startsWith(snapshotPrefix)) {
    return { name: reference.slice(snapshotPrefix.length), kind: "snapshot", packages: [] };
  }
  const [name = "", packages = ""] = reference.split(separator);
  return {
    name,
    kind: name.startsWith(builtPrefix) ? "built" : "foreign",
    packages: packages.split(" ").filter(Boolean),
  };
}

/** The npm packages of a template's layers, `name@1.2.3`. */
export function packagesOf(layers: readonly TemplateLayer[]): readonly string[] {
  return layers.map(({ npmPackage, npmVersion }) => {
    if (packageName.test(npmPackage) && packageVersion.test(npmVersion)) return `${npmPackage}@${npmVersion}`;
    throw invalid(`Not an npm package at one version: ${npmPackage}@${npmVersion}`);
  });
}

function invalid(message: string): InvalidOptionsError {
  return new InvalidOptionsError(message, { providerId: "e2b" });
}
