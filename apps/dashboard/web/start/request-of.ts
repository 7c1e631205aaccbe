import type { RunRequest } from "@glovebox/client";
import type { Draft } from "./draft.ts";

/** The request that a draft makes; what is left empty is the server's to choose. */
export function requestOf(draft: Draft): RunRequest {
  const timeout = numberOf(draft.minutes);
  return withoutUndefined({
    prompt: draft.prompt,
    name: textOf(draft.name),
    harness: textOf(draft.harness),
    model: textOf(draft.model),
    provider: textOf(draft.provider),
    template: textOf(draft.template),
    interactive: draft.isInteractive ? true : undefined,
    components: draft.components.length === 0 ? undefined : [...draft.components],
    workspace: workspaceOf(draft),
    network: withoutUndefined({ mode: draft.mode, allow: hostsOf(draft.hosts) }),
    timeoutMs: timeout === undefined ? undefined : Math.round(timeout * 60_000),
    maxCostUsd: numberOf(draft.costUsd),
    maxTurns: numberOf(draft.turns),
    resources: resourcesOf(draft),
  }) as RunRequest;
}

function workspaceOf({ workspace, uploadId, gitUrl, gitRef }: Draft): RunRequest["workspace"] {
  if (workspace === "upload" && uploadId !== "") return { upload: uploadId };
  const url = gitUrl.trim();
  if (workspace === "git" && url !== "") return { git: withoutUndefined({ url, ref: textOf(gitRef) }) };
  return undefined;
}

function resourcesOf({ memoryMiB, cpus }: Draft): RunRequest["resources"] {
  const resources = withoutUndefined({ memoryMiB: numberOf(memoryMiB), cpus: numberOf(cpus) });
  return Object.keys(resources).length === 0 ? undefined : resources;
}

function hostsOf(text: string): string[] | undefined {
  const hosts = text.split(/[\s,]+/).filter((host) => host !== "");
  return hosts.length === 0 ? undefined : hosts;
}

function textOf(text: string): string | undefined {
  return text.trim() === "" ? undefined : text.trim();
}

function numberOf(text: string): number | undefined {
  const number = Number(text);
  return text.trim() === "" || !Number.isFinite(number) ? undefined : number;
}

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

function withoutUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Defined<T>;
}
