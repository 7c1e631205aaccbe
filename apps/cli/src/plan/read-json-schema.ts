import { resolve } from "node:path";
import { AnswerSchema } from "@glovebox/core";
import type { JsonSchema } from "@glovebox/core/harness";
import { readNamedFile } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";

/** With spaces and line ends it is longer than what the harness gets. */
const mostBytes = 256 * 1024;

/** Reads the file of `--json-schema` and checks what it holds; `undefined` without one. */
export async function readJsonSchema(file: string | undefined, directory: string): Promise<JsonSchema | undefined> {
  if (file === undefined) return undefined;
  if (file.trimStart().startsWith("{")) {
    throw new InvalidOptionsError("--json-schema takes the name of a file, not the schema itself", {
      hint: "Write the schema into a file and give its name.",
    });
  }
  const path = resolve(directory, file);
  const text = await readNamedFile(path, { maxBytes: mostBytes });
  if (text === undefined) throw new InvalidOptionsError(`--json-schema: ${path} does not exist`);
  const schema = parse(text, path);
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) {
    throw new InvalidOptionsError(`--json-schema: ${path} holds no JSON object`, {
      hint: 'For example {"type":"object","properties":{"answer":{"type":"string"}},"required":["answer"]}.',
    });
  }
  // Whoever has a schema that cannot be used hears of it before this host is made ready.
  new AnswerSchema(schema as JsonSchema);
  return schema as JsonSchema;
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidOptionsError(`--json-schema: ${path} is not JSON: ${safeLine((cause as Error).message)}`, {
      hint: "A JSON Schema is JSON, without comments.",
      cause,
    });
  }
}
