import { InvalidOptionsError } from "@glovebox/core/provider";
import { type ParseError, parse, printParseErrorCode } from "jsonc-parser";

/** JSON that may hold comments and commas before a closing bracket. Throws `invalid-options`, with the line. */
export function parseJsonc(text: string, path: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true, disallowComments: false });
  const [first] = errors;
  if (first === undefined) return value;
  const line = text.slice(0, first.offset).split("\n").length;
  throw new InvalidOptionsError(`${path} is not valid JSON: ${printParseErrorCode(first.error)} in line ${line}`);
}
