import type { CredentialSpec, Harness } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";

/**
 * The variable of the credential that a secret is by its form, or `named` where that fits. Throws `invalid-options` for one that
 * no credential of the harness looks like. The secret itself is in no message.
 */
export function credentialVariable(harness: Harness, secret: string, named?: string): string {
  const { credentials } = harness;
  const variables = credentials.map(({ variable }) => variable);
  if (named !== undefined && !variables.includes(named)) {
    throw new InvalidOptionsError(`${harness.id} has no credential ${named}`, { hint: `It has ${list(variables)}.` });
  }
  if (/[^\x21-\x7e]/.test(secret)) {
    throw new InvalidOptionsError("The credential holds a space or another character that no key has", {
      hint: "Copy it again: something else was copied with it.",
    });
  }
  const fitting = credentials.filter((spec) => hasForm(spec, secret));
  const typical = fitting.find(({ variable }) => variable === named) ?? fitting[0];
  if (typical !== undefined && (named === undefined || typical.variable === named)) return typical.variable;
  const formless = credentials.filter((spec) => formOf(spec) === undefined).map(({ variable }) => variable);
  const ofAnyForm = formless.length > 0 ? formless : variables;
  if (named !== undefined && typical === undefined && ofAnyForm.includes(named)) return named;
  const forms = [...new Set(credentials.flatMap((spec) => formOf(spec) ?? []))].map((form) => `${form}…`);
  const looks =
    typical === undefined ? `It does not look like ${list(forms)}` : `It looks like ${typical.variable}, not ${named}`;
  throw new InvalidOptionsError(`This is not a credential of ${harness.id}: ${looks}`, {
    hint: [harness.credentialHint, `A token of another form is saved with --as ${list(ofAnyForm)}.`]
      .filter(Boolean)
      .join(" "),
  });
}

/** How the secrets of a kind begin, as their placeholder does: `sk-ant-oat`. Absent for one that may have any form. */
function formOf({ placeholder }: CredentialSpec): string | undefined {
  return /^sk-[a-z]+(-[a-z]+)?/.exec(placeholder.split("-glovebox", 1)[0] ?? "")?.[0];
}

function hasForm(spec: CredentialSpec, secret: string): boolean {
  const form = formOf(spec);
  // The shortest keys are far longer than what begins them.
  return form !== undefined && secret.startsWith(form) && secret.length >= form.length + 16;
}

function list(words: readonly string[]): string {
  return [words.slice(0, -1).join(", "), words.at(-1)].filter(Boolean).join(" or ");
}
