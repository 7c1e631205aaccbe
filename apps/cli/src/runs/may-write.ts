import { InvalidOptionsError } from "@glovebox/core/provider";
import { createConsent } from "../consent.ts";
import { canAsk, type Terminal } from "../terminal.ts";

/** Asks whether a plan that was shown may be carried out. Throws where nobody can be asked and `--yes` is missing. */
export async function mayWrite(
  question: string,
  options: { readonly yes?: boolean; readonly json?: boolean },
  terminal: Terminal,
): Promise<boolean> {
  if (!options.yes && !canAsk(terminal)) {
    throw new InvalidOptionsError("Nothing was written: nobody can be asked here", { hint: "Give --yes to write it." });
  }
  return await createConsent(terminal, { yes: options.yes, json: options.json })(question);
}
