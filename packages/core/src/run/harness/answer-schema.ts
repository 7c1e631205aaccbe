import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";
import type { Ajv, ErrorObject } from "ajv";
import { InvalidOptionsError } from "../../errors/index.ts";
import type { JsonSchema } from "../../harness/json-schema.ts";
import { safeLine } from "../../text/safe-line.ts";

/** A harness may pass it as one argument, and Linux takes 128 KiB as one. */
const maxSchemaBytes = 64 * 1024;
const maxAnswerBytes = 1024 * 1024;
const compileTimeoutMs = 10_000;
/** A pattern can take for ever on some texts, and the answer comes from a sandbox. */
const compareTimeoutMs = 2000;
const longestReason = 500;

/** What they have in common is all that is known here; a harness need not know the name of any. */
const knownDrafts: ReadonlySet<unknown> = new Set([
  "http://json-schema.org/draft-07/schema",
  "http://json-schema.org/draft-07/schema#",
  "https://json-schema.org/draft/2019-09/schema",
  "https://json-schema.org/draft/2020-12/schema",
]);

const require = createRequire(import.meta.url);

/** The JSON Schema that a harness's final answer has to match. */
export class AnswerSchema {
  /** As the harness gets it. */
  readonly schema: JsonSchema;
  readonly #problemsOf: (answer: unknown) => string | undefined;

  /** Throws `invalid-options` for what is no valid schema of an object. Loads nothing from anywhere. */
  constructor({ $schema, ...schema }: JsonSchema) {
    this.schema = $schema === undefined || knownDrafts.has($schema) ? schema : { $schema, ...schema };
    checkForm(this.schema);
    this.#problemsOf = compile(this.schema);
  }

  /** Returns why an answer does not match, in one line; `undefined` if it does. The answer may come from anywhere. */
  problemOf(answer: unknown): string | undefined {
    try {
      const bytes = Buffer.byteLength(JSON.stringify(answer));
      if (bytes > maxAnswerBytes)
        return `The structured answer has ${bytes} bytes; at most ${maxAnswerBytes} are taken`;
      const problems = withinTime(compareTimeoutMs, () => this.#problemsOf(answer));
      return problems === undefined
        ? undefined
        : `The structured answer does not match the schema: ${safeLine(problems, longestReason)}`;
    } catch (error) {
      return `The structured answer cannot be compared with the schema: ${safeLine((error as Error).message)}`;
    }
  }
}

function checkForm(schema: JsonSchema): void {
  const bytes = Buffer.byteLength(textOf(schema));
  if (bytes > maxSchemaBytes) {
    throw new InvalidOptionsError(`The schema of the answer has ${bytes} bytes; it may have ${maxSchemaBytes}`);
  }
  if (schema.type !== "object") {
    throw new InvalidOptionsError('The schema of the answer has no "type": "object" at its top', {
      hint: 'Put another type into a property: {"type":"object","properties":{"answer":…},"required":["answer"]}.',
    });
  }
  if ("$async" in schema) throw unusable('"$async" is not supported');
}

function textOf(schema: JsonSchema): string {
  try {
    return JSON.stringify(schema);
  } catch (error) {
    throw unusable((error as Error).message);
  }
}

function compile(schema: JsonSchema): (answer: unknown) => string | undefined {
  // Loaded where it is needed: most runs have no schema, and it takes longer to load than the rest.
  const { Ajv: AjvClass } = require("ajv") as { readonly Ajv: typeof Ajv };
  try {
    // Formats are not compared: Claude Code does not either.
    const ajv = new AjvClass({ logger: false, validateFormats: false });
    const validate = withinTime(compileTimeoutMs, () => ajv.compile(schema));
    return (answer) => (validate(answer) === true ? undefined : describe(validate.errors ?? []));
  } catch (error) {
    throw unusable((error as Error).message);
  }
}

function describe(errors: readonly ErrorObject[]): string {
  const problems = errors.map(({ instancePath, message }) => `${instancePath || "the answer"} ${message}`);
  return problems.join("; ") || "it is another value";
}

/** Also ends what never gives control back. */
function withinTime<T>(timeout: number, call: () => T): T {
  return runInNewContext("call()", { call }, { timeout }) as T;
}

function unusable(reason: string): InvalidOptionsError {
  return new InvalidOptionsError(
    `The schema of the answer is no valid JSON Schema: ${safeLine(reason, longestReason)}`,
    {
      hint: "What draft-07 and 2020-12 have in common can be used, and a $ref to a place in the schema itself.",
    },
  );
}
