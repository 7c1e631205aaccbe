import type { Secret } from "../provider/secret.ts";
import type { SecretFinding, SecretScanner } from "./secret-scanner.ts";

/** Shorter values would be found in ordinary words. */
const shortest = 6;

/** Finds secrets whose values are known: as they are, and in base64, in a URL and in JSON. */
export function knownSecrets(secrets: readonly Secret[]): SecretScanner {
  const forms = secrets.flatMap((secret) => formsOf(secret.reveal()).map((form) => ({ form, name: secret.name })));
  return {
    scan: async (text) => {
      const found: SecretFinding[] = [];
      for (const { form, name } of forms) {
        for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + form.length)) {
          found.push({ start: at, end: at + form.length, name, isKnown: true });
        }
      }
      return found;
    },
  };
}

function formsOf(value: string): readonly string[] {
  if (value.length < shortest) return [];
  const bytes = Buffer.from(value);
  // Base64 of a longer text holds one of three forms, by where the secret begins; at its ends it depends on what is around it.
  const inBase64 = [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    const inner = whole.slice(before === 0 ? 0 : before + 1).replace(/=+$/, "");
    return [inner.slice(0, bytes.length % 3 === 0 && before === 0 ? undefined : -1)];
  });
  const forms = [
    value,
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
    bytes.toString("hex"),
    ...inBase64,
  ];
  return [...new Set(forms)].filter((form) => form.length >= shortest);
}
