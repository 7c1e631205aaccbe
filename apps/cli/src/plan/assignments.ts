import { InvalidOptionsError, Secret } from "@glovebox/core/provider";
import type { Environment } from "../terminal.ts";

/** `NAME=VALUE`, or `NAME` alone for the host's own value. The value is never repeated in an error. */
export function parseEnvAssignment(text: string, env: Environment): readonly [name: string, value: string] {
  const at = text.indexOf("=");
  const name = at === -1 ? text : text.slice(0, at);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new InvalidOptionsError("--env is not NAME=VALUE or NAME", { hint: "For example --env NODE_ENV=test." });
  }
  if (at !== -1) return [name, text.slice(at + 1)];
  const value = env[name];
  if (value === undefined) {
    throw new InvalidOptionsError(`--env ${name} takes the value from your environment, where it is not set`, {
      hint: `Write --env ${name}=VALUE, or export it first.`,
    });
  }
  return [name, value];
}

/** `key=value` of a label or a build argument. */
export function parsePair(option: string, text: string): readonly [key: string, value: string] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidOptionsError(`${option} ${text} is not KEY=VALUE`);
  return [text.slice(0, at), text.slice(at + 1)];
}

/** Keys and sizes are those that every provider takes. */
export function parseLabel(text: string): readonly [key: string, value: string] {
  const [key, value] = parsePair("--label", text);
  if (!/^[a-z0-9._-]{1,63}$/.test(key)) {
    throw new InvalidOptionsError(`--label ${key}: a key is 1 to 63 of a-z, 0-9, dot, dash and underscore`);
  }
  if (key.startsWith("glovebox."))
    throw new InvalidOptionsError(`--label ${key}: keys that start with glovebox. are reserved`);
  if (Buffer.byteLength(value) > 256) throw new InvalidOptionsError(`--label ${key}: a value has at most 256 bytes`);
  return [key, value];
}

const secretName = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|PRIVATE/i;
const secretValue = /^(sk-|gh[opsu]_|github_pat_|glpat-|xox[abp]-|AKIA|eyJ|npm_)/;

/** A value that looks like a secret by its name or its form is kept out of everything that is printed or written. */
export function guardValue(name: string, value: string): string | Secret {
  const looksSecret = (secretName.test(name) && value.length >= 8) || secretValue.test(value);
  return looksSecret ? new Secret(name, value) : value;
}
