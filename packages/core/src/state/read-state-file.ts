import type { z } from "zod";
import { SandboxFileError } from "../errors/index.ts";
import { readHostFileSync } from "../host-files/read-host-file.ts";

/** A result names every file; a text of Node cannot be longer. */
const maxStateBytes = 500 * 1024 * 1024;

/**
 * What a file of our own holds; `undefined` when there is none. Throws a `SandboxFileError` that names the file when it is
 * empty, cut short, no JSON or of another form: what cannot be read is neither absent nor to be written over.
 */
export function readStateFile<T>(file: string, schema: z.ZodType<T>, hint?: string): T | undefined {
  const text = readText(file, hint);
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(file, text.trim() === "" ? "it is empty" : "it is not whole JSON", hint, cause);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw damaged(file, `${issue?.path.join(".") || "its content"}: ${issue?.message}`, hint, parsed.error);
}

function readText(file: string, hint: string | undefined): string | undefined {
  try {
    return readHostFileSync(file, { maxBytes: maxStateBytes })?.toString("utf8");
  } catch (error) {
    const { code } = ((error as Error).cause as NodeJS.ErrnoException | undefined) ?? {};
    throw damaged(file, code ?? (error as Error).message.replace(file, "it"), hint, error);
  }
}

function damaged(file: string, why: string, hint: string | undefined, cause: unknown): SandboxFileError {
  return new SandboxFileError(`${file} cannot be read: ${why}`, { ...(hint === undefined ? {} : { hint }), cause });
}
