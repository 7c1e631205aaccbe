/** How a value is written on the command line and in an environment variable, and what it becomes. */
export type SettingType =
  | "text"
  /** `90s`, `1h30m`: milliseconds. */
  | "duration"
  /** `512m`, `4g`: MiB. */
  | "size"
  /** A number above zero: `1.5`. */
  | "amount"
  /** A part of a whole: `80%`, as 0.8. */
  | "share"
  /** A whole number above zero. */
  | "count"
  /** On when it is given. */
  | "switch"
  /** Given once for each value. */
  | "list"
  /** Given once for each value, or once for several that commas separate. */
  | "commas"
  /** The same, but a comma inside brackets separates nothing: `Read,Bash(git log, git diff)`. */
  | "tools";

/** A form that only a configuration file has. */
export type ConfigType = "pairs" | "url" | "plugin-settings" | "prices";

/** The group of settings in which a setting is listed. */
export type SettingGroup =
  | "prompt"
  | "credential"
  | "files"
  | "environment"
  | "components"
  | "network"
  | "limits"
  | "sandbox"
  | "output";

/**
 * What a project's own file may do with a setting; without one of these it may not set it at all.
 * - `lower`: bring a number down, below the user's own or the default.
 * - `narrower`: choose a mode that allows less.
 * - `choose`: choose a value in place of the user's, where no flag does.
 * - `add`: add values, none of which may start with `!`.
 */
export type ProjectRight = "lower" | "narrower" | "choose" | "add";

/** One row of the table of run settings. Its name gives the flag (`--max-turns`) and the variable (`GLOVEBOX_MAX_TURNS`). */
export interface RunSetting {
  readonly type: SettingType | ConfigType;
  readonly group: SettingGroup;
  /** What `--help` and docs/cli.md say. Absent for a setting that is no flag. */
  readonly help?: string;
  /** What the help that fits on one screen says; absent where only the whole help lists the flag. */
  readonly brief?: string;
  /** The flag works for commands that were written for another program; the help lists the flag of this setting instead. */
  readonly listedAs?: string;
  /** What the value is called in the help: `<duration>`. */
  readonly value?: string;
  /** A second, one-letter name of the flag. */
  readonly short?: string;
  /** One more, which works, but the help does not show it. */
  readonly hiddenShort?: string;
  /** The values that a text may have; of a mode, the narrowest first. */
  readonly choices?: readonly string[];
  /** Whether an environment variable sets it too. A flag has priority. */
  readonly env?: true;
  /** Whether the user's configuration file sets it, and by which key where it is not the name; a dot leads into an object. */
  readonly user?: true | string;
  /** The form in the user's configuration file, where it is another one. */
  readonly userType?: ConfigType;
  readonly projectMay?: ProjectRight;
  /** Its key in a project's configuration file, where it is not the name. */
  readonly projectKey?: string;
  /** Whether the values of all sources count, the user's before the project's before the flags'. */
  readonly adds?: true;
  /** What holds where nobody says otherwise, in the type's unit. */
  readonly default?: number | string;
  /** What a provider usually gives: a project may not ask for more where the user says nothing. */
  readonly usual?: number;
  /** The value's place in a `RunSpec`. */
  readonly spec?: string;
  /** The factor from the type's unit to the one of the `RunSpec`. */
  readonly specFactor?: number;
}
