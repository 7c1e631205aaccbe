import { defaultIgnores, environmentCredential, parseHostRule, type RunSpec } from "@glovebox/core";
import type { Harness } from "@glovebox/core/harness";
import { InvalidOptionsError, type SandboxProvider, type TemplateBase } from "@glovebox/core/provider";
import type { Run } from "@glovebox/store";
import { type RunRequest, runRequestSchema } from "../api/schemas/run-request.ts";
import { planComponents } from "./plan-components.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** What of a run's spec is not in its request. */
export interface RunPlace {
  readonly provider: SandboxProvider;
  readonly harness: Harness;
  /** The directory with its workspace. */
  readonly workspace: string | undefined;
  readonly outputDirectory: string;
  /** The run of this state directory that it continues. */
  readonly continues: string | undefined;
}

/** Reads what was asked for, as the API has stored it. Throws `invalid-options` if this version does not understand it. */
export function readRequest({ id, request }: Pick<Run, "id" | "request">): RunRequest {
  const parsed = runRequestSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new InvalidOptionsError(`The request of the run ${id} is not one of this version`, { cause: parsed.error });
}

/** Makes core's spec of a run. Everything of the host in it comes from the worker's configuration. */
export async function planRun(run: Run, place: RunPlace, options: WorkerOptions): Promise<RunSpec> {
  const { provider, harness, workspace, outputDirectory, continues } = place;
  const request = readRequest(run);
  const { prompt, model, maxTurns, allowedTools, appendSystemPrompt, extraArgs, jsonSchema } = request;
  const { network, ignore, components, rootInside, labels } = request;
  if (rootInside === true && !options.rootInside) {
    throw new InvalidOptionsError("This server does not allow a root user in sandboxes");
  }
  const allow = network?.allow?.map((host) => parseHostRule(host, "network.allow"));
  const { timeoutMs, idleTimeoutMs, maxTokens, maxCostPerAgentUsd, maxTokensPerAgent, strictBudget } = request;
  const { env, resources, limits, interactive, keep, keepSnapshot } = request;
  return {
    ...{ provider, harness, outputDirectory, home: options.home },
    credential: environmentCredential(harness, options.env),
    task: { prompt, ...defined({ model, maxTurns, allowedTools, appendSystemPrompt, extraArgs, jsonSchema }) },
    network: { mode: network?.mode ?? "sealed", ...defined({ allow }) },
    ignore: ignore ?? defaultIgnores,
    ...defined({ timeoutMs, idleTimeoutMs, maxTokens, maxCostPerAgentUsd, maxTokensPerAgent, strictBudget }),
    ...defined({ env, interactive, keep, keepSnapshot, rootInside, workspace, continues, labels }),
    ...defined({ base: baseOf(request, options.templates), maxCostUsd: run.maxCostUsd ?? request.maxCostUsd }),
    ...(resources && { resources: defined(resources) }),
    ...(limits && { limits: defined(limits) }),
    ...(run.forkOf !== undefined && { fork: {} }),
    ...(components &&
      components.length > 0 && { components: await planComponents(components, { harness, workspace, options }) }),
  };
}

function baseOf(
  { image, template }: RunRequest,
  templates: WorkerOptions["templates"] = new Map(),
): TemplateBase | undefined {
  if (template !== undefined) {
    const base = templates.get(template);
    if (base === undefined) throw new InvalidOptionsError(`This server has no template ${template}`);
    return base;
  }
  return image === undefined ? undefined : { kind: "image", reference: image };
}

/** Without what is undefined: an absent option and one that is undefined are different things to the types. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
