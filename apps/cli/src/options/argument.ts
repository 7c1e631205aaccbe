import { SandboxError } from "@glovebox/core/provider";
import { InvalidArgumentError } from "commander";

/** A parser as commander takes it: it shows what is wrong together with the option's name. */
export function argument<T>(parse: (text: string, before: unknown) => T): (text: string, before: unknown) => T {
  return (text, before) => {
    try {
      return parse(text, before);
    } catch (error) {
      throw SandboxError.isInstance(error) ? new InvalidArgumentError(error.message) : error;
    }
  };
}
