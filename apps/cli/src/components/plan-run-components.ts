import { realpathSync } from "node:fs";
import { join } from "node:path";
import {
  type ComponentPlan,
  directoryWorkspace,
  formatLock,
  openCatalogs,
  parseRequests,
  planComponents,
  readLock,
  type WorkspaceReader,
  writeLock,
} from "@glovebox/components";
import { listWorkspace } from "@glovebox/core";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { UserConfig } from "../config/user-config.ts";
import type { Environment } from "../terminal.ts";
import { type ComponentOptions, lockName, namedComponents, sourceContext } from "./component-options.ts";
import { componentSources, sourcesOf } from "./component-sources.ts";

export interface PlanRunComponentsInput {
  readonly options: ComponentOptions & { readonly yes?: boolean; readonly dryRun?: boolean };
  readonly user: UserConfig;
  readonly home: string;
  readonly directory: string;
  readonly workspace: string | undefined;
  readonly env: Environment;
}

/**
 * What the named components come to in the workspace as it would go into a sandbox; pinned in the lock file of the
 * current directory. `undefined` when none is named.
 */
export async function planRunComponents(input: PlanRunComponentsInput): Promise<ComponentPlan | undefined> {
  const { options, user, home, directory, env } = input;
  const requests = parseRequests(namedComponents(options));
  if (requests.length === 0) return undefined;
  const lockPath = join(directory, lockName);
  const lock = await readLock(lockPath);
  const context = sourceContext(home, env, options);
  const specs = sourcesOf(requests, componentSources(options.componentsSource ?? [], user, { home, directory }));
  const plan = await planComponents({
    requests,
    catalogs: await openCatalogs(specs, context, lock),
    lock,
    existing: await uploadedFiles(input.workspace),
    cwd: directory,
    context,
    ...(options.yes ? { acceptLater: true } : {}),
  });
  if (!plan.installable) {
    throw new InvalidOptionsError(`The components contradict each other: ${plan.conflicts.join("; ")}`, {
      hint: "Leave one out, or accept with --yes that the later one stands.",
    });
  }
  if (!options.dryRun && formatLock(plan.lock) !== formatLock(lock)) await writeLock(lockPath, plan.lock);
  return plan;
}

/**
 * Only what goes in: a file that git ignores stays on the host, and its content must not come in with what is merged.
 */
async function uploadedFiles(workspace: string | undefined): Promise<WorkspaceReader> {
  if (workspace === undefined) return { read: async () => undefined };
  const directory = realpathSync(workspace);
  const paths = new Set(await listWorkspace({ workspace: directory }));
  const reader = directoryWorkspace(directory);
  return { read: async (path) => (paths.has(path) ? await reader.read(path) : undefined) };
}
