import type { RunContextValue } from "./run-context.ts";

export type RunTab = "conversation" | "changes" | "files" | "network" | "processes" | "terminal" | "details";

export interface TabLook {
  readonly tab: RunTab;
  readonly text: string;
  readonly count?: number | undefined;
}

/** The tabs that this run has, in order. */
export function runTabs({ run, model, isShared }: RunContextValue): readonly TabLook[] {
  const isLive = run.state === "running";
  const requests = model.network.length + model.refusedMore;
  return [
    { tab: "conversation", text: "Conversation" },
    { tab: "changes", text: "Changes" },
    { tab: "files", text: "Files", count: run.filesCount },
    { tab: "network", text: "Network", count: requests === 0 ? undefined : requests },
    ...(isShared || !isLive
      ? []
      : ([
          { tab: "processes", text: "Processes" },
          { tab: "terminal", text: "Terminal" },
        ] as const)),
    { tab: "details", text: "Details" },
  ];
}
