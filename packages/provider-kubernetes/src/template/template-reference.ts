/** What a sandbox is made from: what `Template.reference` holds. */
export interface TemplateReference {
  /** The sandbox's own image. */
  readonly image: string;
  /** The image that brings Glovebox's parts, for an image that lacks them. */
  readonly tools?: string;
  /** The VolumeSnapshot with its files: `<name>.<namespace>`. */
  readonly snapshot?: string;
}

const separator = " + ";
const snapshotPrefix = "snapshot:";

/** `IMAGE`, `IMAGE + TOOLS`, or either after `snapshot:NAME.NAMESPACE + `. */
export function formatReference({ image, tools, snapshot }: TemplateReference): string {
  const parts = [snapshot === undefined ? undefined : `${snapshotPrefix}${snapshot}`, image, tools];
  return parts.filter((part) => part !== undefined).join(separator);
}

/** Parses a reference that {@link formatReference} returned. */
export function readReference(reference: string): TemplateReference {
  const parts = reference.split(separator);
  const first = parts[0]?.startsWith(snapshotPrefix) ? parts.shift() : undefined;
  const [image = "", tools] = parts;
  return {
    image,
    ...(tools !== undefined && { tools }),
    ...(first !== undefined && { snapshot: first.slice(snapshotPrefix.length) }),
  };
}
