import { InvalidOptionsError, type TemplateLayer } from "@glovebox/core/provider";

/** The form of `Template.reference`: `NAME`, `NAME + package@1.2.3 …`, `snapshot:ID`. */
export interface TemplateReference {
  /** E2B's name or id of the template. */
  readonly name: string;
  /** `built` is complete; sandboxes of a `third-party` one are set up after their creation; `snapshot` is a sandbox's. */
  readonly kind: "built" | "third-party" | "snapshot";
  /** The npm packages to install into a sandbox of a third-party template: `name@1.2.3`. */
  readonly packages: readonly string[];
}

const separator = " + ";
const snapshotPrefix = "snapshot:";
/** The name prefix of Glovebox's templates. */
export const builtPrefix = "glovebox-";

const packageName = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const packageVersion = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

export function formatReference({ name, kind, packages }: TemplateReference): string {
  if (kind === "snapshot") return `${snapshotPrefix}${name}`;
  return [name, ...(packages.length > 0 ? [packages.join(" ")] : [])].join(separator);
}

/** Parses a reference that {@link formatReference} returned. */
export function readReference(reference: string): TemplateReference {
  if (reference.startsWith(snapshotPrefix)) {
    return { name: reference.slice(snapshotPrefix.length), kind: "snapshot", packages: [] };
  }
  const [name = "", packages = ""] = reference.split(separator);
  return {
    name,
    kind: name.startsWith(builtPrefix) ? "built" : "third-party",
    packages: packages.split(" ").filter(Boolean),
  };
}

/** Returns the npm packages of a template's layers, `name@1.2.3`. */
export function packagesOf(layers: readonly TemplateLayer[]): readonly string[] {
  return layers.map(({ npmPackage, npmVersion }) => {
    if (packageName.test(npmPackage) && packageVersion.test(npmVersion)) return `${npmPackage}@${npmVersion}`;
    throw new InvalidOptionsError(`Expected an npm package with an exact version: ${npmPackage}@${npmVersion}`, {
      providerId: "e2b",
    });
  });
}
