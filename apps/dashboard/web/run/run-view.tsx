import { lazy, Suspense } from "react";
import { useSearchParams } from "wouter";
import { Skeleton } from "../base/skeleton.tsx";
import { useShortcuts } from "../shell/use-shortcuts.ts";
import { ConversationView } from "./conversation-view.tsx";
import { DetailsView } from "./details-view.tsx";
import { NetworkView } from "./network-view.tsx";
import { PhaseTimeline } from "./phase-timeline.tsx";
import { ProcessesView } from "./processes-view.tsx";
import { useShownRun } from "./run-context.ts";
import { RunSummary } from "./run-summary.tsx";
import { type RunTab, runTabs } from "./run-tabs.ts";

const ChangesView = lazy(() => import("./changes-view.tsx").then((module) => ({ default: module.ChangesView })));
const FilesView = lazy(() => import("./files-view.tsx").then((module) => ({ default: module.FilesView })));
const TerminalView = lazy(() => import("./terminal-view.tsx").then((module) => ({ default: module.TerminalView })));

const views: Readonly<Record<RunTab, () => React.ReactNode>> = {
  conversation: () => <ConversationView />,
  changes: () => <ChangesView />,
  files: () => <FilesView />,
  network: () => <NetworkView />,
  processes: () => <ProcessesView />,
  terminal: () => <TerminalView />,
  details: () => <DetailsView />,
};

/** The body of a run's page: timeline, tabs, and beside them what the run is. */
export function RunView() {
  const shown = useShownRun();
  const tabs = runTabs(shown);
  const [tab, setTab] = useTab(tabs.map((one) => one.tab));
  return (
    <div className="run">
      <PhaseTimeline />
      <div className="run__columns">
        <div className="run__main">
          <div className="tabs" role="tablist" aria-label="Parts of the run">
            {tabs.map(({ tab: name, text, count }) => (
              <button
                key={name}
                type="button"
                role="tab"
                id={`tab-${name}`}
                className="tab"
                aria-selected={name === tab}
                aria-controls="run-panel"
                onClick={() => setTab(name)}
              >
                {text}
                {count === undefined ? null : <span className="tab__count number">{count.toLocaleString("en")}</span>}
              </button>
            ))}
          </div>
          <div className="run__panel" id="run-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
            <Suspense fallback={<Skeleton />}>{views[tab]()}</Suspense>
          </div>
        </div>
        <RunSummary />
      </div>
    </div>
  );
}

/** The tab is part of the address; digits choose one. */
function useTab(tabs: readonly RunTab[]): [RunTab, (tab: RunTab) => void] {
  const [parameters, setParameters] = useSearchParams();
  const wanted = parameters.get("tab") as RunTab | null;
  const tab = wanted !== null && tabs.includes(wanted) ? wanted : "conversation";
  const setTab = (next: RunTab): void => {
    setParameters(next === "conversation" ? {} : { tab: next }, { replace: true });
  };
  useShortcuts(Object.fromEntries(tabs.map((name, index) => [String(index + 1), () => setTab(name)])));
  return [tab, setTab];
}
