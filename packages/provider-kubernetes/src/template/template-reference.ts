/** The images of a sandbox: what `Template.reference` holds. */
export interface TemplateReference {
  /** The sandbox's own image. */
  readonly image: string;
  /** The image that brings Glovebox's parts, for an image that lacks them. */
  readonly tools?: string;
}

const separator = " + ";

/** `IMAGE`, or `IMAGE + TOOLS`. */
export function formatReference({ image, tools }: TemplateReference): string {
  return tools === undefined ? image : `${image}${separator}${tools}`;
}

/** Parses a reference that {@link formatReference} returned. */
export function readReference(reference: string): TemplateReference {
  const [image = "", tools] = reference.split(separator);
  return tools === undefined ? { image } : { image, tools };
}
