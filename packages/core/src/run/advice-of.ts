import type { Remedy } from "../errors/remedy.ts";

/** What to do about something, for people and for programs. */
export interface Advice {
  readonly hint?: string;
  readonly remedy?: Remedy;
}

/** The advice of an error, an outcome or a finding; without what it does not give. */
export function adviceOf(from: { readonly hint?: string | undefined; readonly remedy?: Remedy | undefined }): Advice {
  const { hint, remedy } = from;
  return { ...(hint !== undefined && { hint }), ...(remedy !== undefined && { remedy }) };
}
