import { realpathSync } from "node:fs";
import { join } from "node:path";
import * as catalog from "@glovebox/components";
import { listWorkspace } from "@glovebox/core";
import { assertPlaces, type ComponentSet, type Harness } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { RunRequest } from "../api/schemas/run-request.ts";
import type { WorkerOptions } from "./worker-options.ts";

interface ComponentContext {
  readonly harness: Harness;
  readonly workspace: string | undefined;
  readonly options: WorkerOptions;
}

/** Finds components in the usual catalog, and makes what is installed of them. They get no values of this host. */
export async function planComponents(
  components: NonNullable<RunRequest["components"]>,
  { harness, workspace, options: { home, env } }: ComponentContext,
): Promise<ComponentSet> {
  assertPlaces(harness, [...new Set(components.map(({ kind }) => kind))]);
  const lock = catalog.emptyLock;
  const context = { cacheDir: join(home, "components"), env };
  const plan = await catalog.planComponents({
    requests: components,
    catalogs: await catalog.openCatalogs([catalog.defaultSource], context, lock),
    lock,
    existing: await uploadedFiles(workspace),
    cwd: workspace ?? home,
    context,
  });
  if (!plan.installable) {
    throw new InvalidOptionsError(`The components contradict each other: ${plan.conflicts.join("; ")}`);
  }
  const { expected } = plan;
  const programs = plan.components.flatMap((component) => component.programs);
  const facts = { expected, programs, origins: plan.components };
  if (harness.places === undefined) return { files: plan.files, plugins: plan.plugins, ...facts };
  const { parts, files } = catalog.planParts(plan);
  return { files: [...files, ...harness.places.files(parts)], parts, ...facts };
}

/** Only what goes into the sandbox: the rest must not come in with what is merged. */
async function uploadedFiles(workspace: string | undefined): Promise<catalog.WorkspaceReader> {
  if (workspace === undefined) return { read: async () => undefined };
  const directory = realpathSync(workspace);
  const paths = new Set(await listWorkspace({ workspace: directory }));
  const reader = catalog.directoryWorkspace(directory);
  return { read: async (path) => (paths.has(path) ? await reader.read(path) : undefined) };
}
