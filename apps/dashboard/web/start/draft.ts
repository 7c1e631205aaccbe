import type { RunRequest } from "@glovebox/client";
import type { ComponentChoice } from "../data/catalog.ts";

/** What is in the form, as it is typed. */
export interface Draft {
  readonly prompt: string;
  readonly name: string;
  readonly harness: string;
  readonly model: string;
  readonly provider: string;
  readonly template: string;
  readonly isInteractive: boolean;
  readonly components: readonly ComponentChoice[];
  readonly workspace: "none" | "upload" | "git";
  readonly uploadId: string;
  readonly gitUrl: string;
  readonly gitRef: string;
  readonly mode: "none" | "sealed" | "standard" | "open";
  readonly hosts: string;
  readonly minutes: string;
  readonly costUsd: string;
  readonly turns: string;
  readonly memoryMiB: string;
  readonly cpus: string;
}

export const emptyDraft: Draft = {
  prompt: "",
  name: "",
  harness: "",
  model: "",
  provider: "",
  template: "",
  isInteractive: false,
  components: [],
  workspace: "none",
  uploadId: "",
  gitUrl: "",
  gitRef: "",
  mode: "sealed",
  hosts: "",
  minutes: "",
  costUsd: "",
  turns: "",
  memoryMiB: "",
  cpus: "",
};

/** The draft that would start this run again. */
export function draftOf(request: RunRequest): Draft {
  const { workspace, network, resources } = request;
  const git = workspace !== undefined && "git" in workspace ? workspace.git : undefined;
  return {
    ...emptyDraft,
    prompt: request.prompt,
    name: request.name ?? "",
    harness: request.harness ?? "",
    model: request.model ?? "",
    provider: request.provider ?? "",
    template: request.template ?? "",
    isInteractive: request.interactive ?? false,
    components: request.components ?? [],
    workspace: git === undefined ? "none" : "git",
    gitUrl: git?.url ?? "",
    gitRef: git?.ref ?? "",
    mode: network?.mode ?? "sealed",
    hosts: (network?.allow ?? []).join(" "),
    minutes: request.timeoutMs === undefined ? "" : String(request.timeoutMs / 60_000),
    costUsd: textOf(request.maxCostUsd),
    turns: textOf(request.maxTurns),
    memoryMiB: textOf(resources?.memoryMiB),
    cpus: textOf(resources?.cpus),
  };
}

function textOf(value: number | undefined): string {
  return value === undefined ? "" : String(value);
}
