import { builtIn } from "../built-in.ts";
import type { Environment } from "../terminal.ts";

/** How the variables begin that Glovebox and its plugins sign in with. */
const ownPrefixes = ["GLOVEBOX_", ...builtIn.reservedVariables];
const proxyNames = /^(?:https?|all)_proxy$/i;
const secretName = /KEY|TOKEN|SECRET|PASSW|CREDENTIAL/i;
/** Shorter values would be found in ordinary ones. */
const shortestSecret = 8;

export interface OwnSecretsOptions {
  readonly env: Environment;
  /** Variables that hold a credential of this run: the model's, the provider's, those of `--credential`. */
  readonly variables: readonly string[];
  /** Credentials of this run wherever they come from. */
  readonly values: readonly string[];
}

/** What Glovebox itself signs in with on this host: given to no component, under whatever name it is asked for. */
export class OwnSecrets {
  readonly #variables: ReadonlySet<string>;
  readonly #values: readonly string[];

  constructor({ env, variables, values }: OwnSecretsOptions) {
    this.#variables = new Set(variables);
    const ofEnv = Object.entries(env).flatMap(([name, value = ""]) => {
      if (proxyNames.test(name)) return userinfoOf(value);
      // Several keys may stand in one variable.
      return this.names(name) && secretName.test(name) ? value.split(/[\s,]+/) : [];
    });
    this.#values = [...ofEnv, ...values].map((value) => value.trim()).filter(({ length }) => length >= shortestSecret);
  }

  /** Whether a variable is kept for Glovebox alone. */
  names(variable: string): boolean {
    const name = variable.toUpperCase();
    return (
      this.#variables.has(variable) ||
      proxyNames.test(variable) ||
      ownPrefixes.some((prefix) => name.startsWith(prefix))
    );
  }

  /** Whether a value is one of the secrets, or holds one. */
  isIn(value: string): boolean {
    return this.#values.some((secret) => value.includes(secret));
  }
}

/** The user and password of a proxy's address as they are written, and the password alone. */
function userinfoOf(proxy: string): string[] {
  const address = proxy.replace(/^[a-z0-9+.-]+:\/\//i, "");
  const userinfo = address.slice(0, Math.max(address.lastIndexOf("@"), 0));
  const password = userinfo.slice(userinfo.indexOf(":") + 1);
  return userinfo.includes(":") ? [userinfo, password, decoded(password)] : [userinfo];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A bare `%` stands for itself.
    return text;
  }
}

/** The strings in a provider's settings of the configuration whose names say that they are secret. */
export function secretSettings(settings: unknown, name = ""): string[] {
  if (typeof settings === "string") return secretName.test(name) ? [settings] : [];
  if (typeof settings !== "object" || settings === null) return [];
  return Object.entries(settings).flatMap(([key, value]) => secretSettings(value, key));
}
