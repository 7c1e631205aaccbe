import type { CollectLimits } from "@glovebox/core";
import type { Resources } from "@glovebox/core/provider";
import { formatDuration } from "../print/quantities.ts";
import { limitNames } from "./config-values.ts";
import type { ProjectConfig } from "./project-config.ts";
import type { RunOptions } from "./run-options.ts";
import type { UserConfig } from "./user-config.ts";

export type LimitName = (typeof limitNames)[number];
export type Limits = { readonly [name in LimitName]?: number };

/** The most that a project may ask for where the person said nothing: what a run has anyway. */
const defaults: Limits = {
  timeout: 30 * 60_000,
  idleTimeout: 10 * 60_000,
  lease: 5 * 60_000,
  cpus: 4,
  memory: 4096,
  pids: 1024,
  openFiles: 16_384,
  tmpSize: 1024,
  maxFileSize: 5 * 1024,
  maxTotalSize: 10 * 1024,
};

const inMilliseconds: ReadonlySet<LimitName> = new Set<LimitName>(["timeout", "idleTimeout", "lease"]);

export interface ResolvedLimits {
  readonly limits: Limits;
  readonly warnings: readonly string[];
}

/** The command line wins. Otherwise the person's own value holds, and the project's where it is lower. */
export function resolveLimits(options: RunOptions, user: UserConfig, project: ProjectConfig): ResolvedLimits {
  const limits: { [name in LimitName]?: number } = {};
  const warnings: string[] = [];
  for (const name of limitNames) {
    const given = name === "maxCostUsd" ? options.maxCost : options[name];
    const own = given ?? user[name];
    const asked = project[name];
    const bound = own ?? defaults[name];
    if (given === undefined && asked !== undefined && (bound === undefined || asked <= bound)) {
      limits[name] = asked;
      continue;
    }
    if (own !== undefined) limits[name] = own;
    if (given === undefined && asked !== undefined && bound !== undefined) {
      warnings.push(
        `The project asks for ${name} ${show(name, asked)}; yours is lower and holds: ${show(name, bound)}`,
      );
    }
  }
  return { limits, warnings };
}

function show(name: LimitName, value: number): string {
  return inMilliseconds.has(name) ? formatDuration(value) : String(value);
}

export function resourcesOf(limits: Limits): Resources {
  const { cpus, memory, pids, openFiles, tmpSize, disk } = limits;
  return {
    ...(cpus === undefined ? {} : { cpus }),
    ...(memory === undefined ? {} : { memoryMiB: memory }),
    ...(pids === undefined ? {} : { pids }),
    ...(openFiles === undefined ? {} : { openFiles }),
    ...(tmpSize === undefined ? {} : { tmpMiB: tmpSize }),
    ...(disk === undefined ? {} : { diskMiB: disk }),
  };
}

const mebibyte = 1024 * 1024;

/** What is brought back at most. */
export function collectLimitsOf({ maxFileSize, maxTotalSize }: Limits): CollectLimits {
  return {
    ...(maxFileSize === undefined ? {} : { fileBytes: maxFileSize * mebibyte }),
    ...(maxTotalSize === undefined ? {} : { totalBytes: maxTotalSize * mebibyte }),
  };
}
