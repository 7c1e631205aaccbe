import { ApiError } from "../api-error.ts";

/** The tag of a build that was given none, and of a reference that has none. */
export const defaultTag = "default";

const maxLength = 128;

export interface TemplateName {
  /** A name, or an id. */
  readonly name: string;
  readonly tag?: string;
}

/**
 * Reads `NAME`, `NAME:TAG` or `TEAM/NAME:TAG`: there is one team here. `undefined` for what cannot be a name. Case does not
 * count in the name.
 */
export function parseTemplateName(reference: string): TemplateName | undefined {
  const [path = "", tag, ...rest] = reference.split(":");
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  if (!/^[a-z0-9][a-z0-9_-]*$/.test(name) || name.length > maxLength || rest.length > 0) return undefined;
  if (tag === undefined) return { name };
  return isTag(tag) ? { name, tag } : undefined;
}

/** Throws an {@link ApiError} of 400. */
export function readTemplateName(reference: string): TemplateName {
  const name = parseTemplateName(reference);
  if (name !== undefined) return name;
  throw new ApiError(
    400,
    `Invalid template name ${JSON.stringify(reference.slice(0, maxLength))}: use letters, digits, - and _`,
  );
}

/** Throws an {@link ApiError} of 400. */
export function readTag(tag: string): string {
  if (isTag(tag)) return tag;
  throw new ApiError(400, `Invalid tag ${JSON.stringify(tag.slice(0, maxLength))}: use letters, digits, -, _ and .`);
}

function isTag(tag: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(tag) && tag.length <= maxLength;
}
