import type { CredentialSource } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { Option } from "commander";
import { shortName } from "./package-name.ts";
import type { PluginManifest } from "./plugin-manifests.ts";

type Values = Readonly<Record<string, unknown>>;
type ManifestFlag = NonNullable<PluginManifest["glovebox"]>["flags"][number];

interface PluginFlag extends ManifestFlag {
  readonly packageName: string;
  /** As it is typed: `--runtime`. */
  readonly long: string;
  /** As commander stores its value: `runtime`. */
  readonly attribute: string;
}

/** The flags of `run` that installed plugins add. */
export class PluginFlags {
  readonly #flags: readonly PluginFlag[];

  constructor(manifests: readonly PluginManifest[]) {
    const flags = manifests.flatMap(({ name, glovebox }) =>
      (glovebox?.flags ?? []).map((flag) => {
        const option = new Option(flag.flags);
        return { ...flag, packageName: name, long: option.long ?? flag.flags, attribute: option.attributeName() };
      }),
    );
    this.#flags = [...new Map(flags.toReversed().map((flag) => [flag.long, flag])).values()].toReversed();
  }

  options(): Option[] {
    return this.#flags.map(({ flags, help, env }) => {
      const option = new Option(flags, help);
      return env === undefined ? option : option.env(env);
    });
  }

  /**
   * The settings of a provider that flags, or the keys of the same names in `configured`, set. Throws `invalid-options`
   * for one that belongs to another provider: what cannot be enforced is refused.
   */
  settings(packageName: string | undefined, options: Values, configured: Values = {}): Values {
    const settings: Record<string, unknown> = {};
    for (const flag of this.#flags) {
      if (flag.setting === undefined) continue;
      const value = options[flag.attribute] ?? configured[flag.setting];
      if (value === undefined) continue;
      if (flag.packageName !== packageName) throw otherProvider(flag);
      settings[flag.setting] = value;
    }
    return settings;
  }

  /** The secrets that were given on the command line, by the variables that they stand for. */
  sources(options: Values): readonly CredentialSource[] {
    return this.#secrets(options).map(({ long, variable, value }) => ({ name: long, values: { [variable]: value } }));
  }

  /** What to say about secrets on the command line. */
  warnings(options: Values): readonly string[] {
    return this.#secrets(options).map(({ long, variable }) => visibleSecret(long, variable));
  }

  #secrets(options: Values) {
    return this.#flags.flatMap(({ long, attribute, secret: variable }) => {
      const value = options[attribute];
      return variable === undefined || typeof value !== "string" ? [] : [{ long, variable, value }];
    });
  }
}

/** What to say about a secret on the command line. */
export function visibleSecret(flag: string, variable: string): string {
  return `${flag} is visible to everyone who can list this machine's processes; set ${variable} in the environment instead`;
}

function otherProvider({ long, packageName }: PluginFlag): InvalidOptionsError {
  const name = shortName("provider", packageName);
  return new InvalidOptionsError(`${long} is an option of the provider ${name}, which is not the one in use`, {
    hint: `Leave ${long} out, or use --provider ${name}.`,
  });
}
