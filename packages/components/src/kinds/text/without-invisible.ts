import { isJsonObject } from "./read-json-object.ts";

/** Characters that show nothing, and spaces that only look like the usual one. */
const invisible = /\p{Default_Ignorable_Code_Point}|\p{Cf}|\u2800/gu;
const spaces = /\p{Zs}/gu;

/**
 * Every text in `value`, names of fields among them, without what nobody sees: a placeholder that holds such a character
 * is not recognized as one, and a program would get it as part of a key.
 */
export function withoutInvisible(value: unknown): unknown {
  if (typeof value === "string") return value.replace(invisible, "").replace(spaces, " ");
  if (Array.isArray(value)) return value.map(withoutInvisible);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [withoutInvisible(key), withoutInvisible(item)]),
  );
}
