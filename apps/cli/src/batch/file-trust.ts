import { realpathSync } from "node:fs";
import { isAbsolute, relative, sep } from "node:path";
import type { BatchRow, RowLimits } from "@glovebox/batch";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { formatValue, type RunSetting, runSettings } from "@glovebox/core/run-settings";
import { builtIn } from "../built-in.ts";
import type { UserConfig } from "../config/user-config.ts";
import type { BatchInput } from "./batch-options.ts";

/** What is compared: the rows as their file has them, and what the user allows elsewhere. */
export interface FileTrustOptions {
  readonly rows: readonly BatchRow[];
  readonly input: BatchInput;
  readonly user: UserConfig;
  /** Where the user works, and where the file is: what is below them may be read. */
  readonly places: readonly string[];
}

const modes = runSettings.network.choices;
const mostNamed = 5;
const limitNames = [
  ...["timeout", "idleTimeout", "maxCost", "maxTokens", "maxTurns", "cpus", "memory"],
  ...["pids", "openFiles", "tmpSize", "shmSize", "disk"],
] as readonly (keyof RowLimits & keyof typeof runSettings & keyof UserConfig)[];

/**
 * What the rows would do beyond what flags, variables and the user's configuration allow, in words that complete "The rows …".
 * A batch file often lies in a project, and a project may not widen its own sandbox. Throws `invalid-options` for what no
 * agreement makes safe: a provider or a harness whose code the file brings.
 */
export function widenedBy(options: FileTrustOptions): readonly string[] {
  const { rows } = options;
  refuseCode(options);
  return [
    ...hosts(options),
    ...named("use the network mode", rows, ({ network }) => (isWider(network.mode, options) ? [network.mode] : [])),
    ...named("get these variables of your environment:", rows, ({ env }) =>
      env.filter((name) => !isPassed(name, options)),
    ),
    ...named("read outside the directory of the file:", rows, (row) =>
      pathsOf(row).filter((path) => !isBelow(path, options)),
    ),
    ...named("run on the provider", rows, ({ provider }) => (isUsual("provider", provider, options) ? [] : [provider])),
    ...named("run the harness", rows, ({ harness }) => (isUsual("harness", harness, options) ? [] : [harness])),
    ...named("start from what they describe themselves:", rows, (row) =>
      isDescribed(row, options) ? [row.template] : [],
    ),
    ...limits(options),
  ];
}

function named(
  what: string,
  rows: readonly BatchRow[],
  select: (row: BatchRow) => readonly (string | undefined)[],
): string[] {
  const all = [...new Set(rows.flatMap(select))].filter((one) => one !== undefined);
  if (all.length === 0) return [];
  const more = all.length > mostNamed ? ` and ${all.length - mostNamed} more` : "";
  return [`${what} ${all.slice(0, mostNamed).join(", ")}${more}`];
}

function hosts({ rows, user }: FileTrustOptions): string[] {
  const allowed = new Set(user.allowHost ?? []);
  return named("reach", rows, ({ network, verifyAllow = [] }) =>
    [...network.allow, ...verifyAllow].filter((host) => !allowed.has(host)),
  );
}

function isWider(
  mode: (typeof modes)[number] | undefined,
  { input, user }: FileTrustOptions,
): mode is (typeof modes)[number] {
  if (mode === undefined || input.flags.network !== undefined) return false;
  const bound = input.variables.network ?? user.network ?? runSettings.network.default;
  return modes.indexOf(mode) > modes.indexOf(bound as (typeof modes)[number]);
}

function isPassed(name: string, { input }: FileTrustOptions): boolean {
  return (input.flags.env ?? []).some((text) => text === name || text.startsWith(`${name}=`));
}

/** What is described runs commands while it is built, which no sandbox of a run encloses. A name means what the user has built. */
function isDescribed({ template }: BatchRow, { input: { flags } }: FileTrustOptions): boolean {
  return template !== undefined && flags.template === undefined && isAbsolute(template);
}

function isUsual(kind: "provider" | "harness", name: string, { input, user }: FileTrustOptions): boolean {
  const chosen = kind === "provider" ? (input.flags.sandbox ?? input.flags.provider) : input.flags.harness;
  return [chosen, input.variables[kind], user[kind], builtIn[kind]].includes(name);
}

function refuseCode({ rows, input: { flags } }: FileTrustOptions): void {
  for (const { id, source, provider, harness } of rows) {
    for (const [kind, name, chosen] of [
      ["provider", provider, flags.sandbox ?? flags.provider],
      ["harness", harness, flags.harness],
    ] as const) {
      if (name === chosen || !/^[./\\]|:/.test(name)) continue;
      throw new InvalidOptionsError(
        `${source}: ${id} may not load a ${kind} from a path, whose code would run on this host`,
        {
          hint: `If you trust it, name it yourself: --${kind} ${name}`,
        },
      );
    }
  }
}

function pathsOf({ workspace, promptFile, template, components }: BatchRow): readonly string[] {
  const files = Object.values(components).flatMap((names) => names ?? []);
  return [workspace, promptFile, ...[template, ...files].filter((name) => name?.startsWith("/"))].filter(
    (path) => path !== undefined,
  );
}

function isBelow(path: string, { places }: FileTrustOptions): boolean {
  const real = realOf(path);
  return places.some((place) => {
    const way = relative(realOf(place), real);
    return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
  });
}

function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there: the plan of the row says so.
    return path;
  }
}

/** A row may lower a limit and not raise it above what a run here would have. */
function limits({ rows, input, user }: FileTrustOptions): string[] {
  return limitNames.flatMap((name) => {
    const setting: RunSetting = runSettings[name];
    const own = (input.variables[name] ?? user[name] ?? setting.default ?? setting.usual) as number | undefined;
    const isFlag = name === "maxCost" ? input.options.maxCostPerRow !== undefined : input.flags[name] !== undefined;
    const most = Math.max(...rows.map((row) => row.limits[name] ?? 0));
    if (own === undefined || isFlag || most <= own) return [];
    return [`raise ${name} to ${formatValue(setting.type, most)} (yours: ${formatValue(setting.type, own)})`];
  });
}
