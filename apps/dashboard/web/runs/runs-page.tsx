import { CirclePlay, SearchX } from "lucide-react";
import { useRef } from "react";
import { Link, useSearchParams } from "wouter";
import { Button } from "../base/button.tsx";
import { Empty } from "../base/empty.tsx";
import { Notice } from "../base/notice.tsx";
import { Skeleton } from "../base/skeleton.tsx";
import { useMe } from "../data/me.ts";
import { useRuns } from "../data/runs.ts";
import { Page } from "../shell/page.tsx";
import { useShortcuts } from "../shell/use-shortcuts.ts";
import { type RunFilter, RunFilters, type RunView } from "./run-filters.tsx";
import { RunList } from "./run-list.tsx";

/** The runs of the team, newest first, as they change. */
export function RunsPage() {
  const [filter, setFilter] = useFilter();
  const searchField = useRef<HTMLInputElement>(null);
  useShortcuts({ "/": () => searchField.current?.focus() });
  return (
    <Page title="Runs" isFixed>
      <RunFilters filter={filter} onChange={setFilter} searchField={searchField} />
      <Content filter={filter} onReset={() => setFilter(everything)} />
    </Page>
  );
}

const everything: RunFilter = { view: "all", search: "", user: "" };

function Content({ filter, onReset }: { filter: RunFilter; onReset: () => void }) {
  const query = useRuns(filter);
  if (query.runs === undefined) {
    if (query.error === null) return <Skeleton lines={10} label="Loading runs" />;
    return <Notice tone="red">{query.error.message}</Notice>;
  }
  if (query.runs.length > 0) {
    return (
      <>
        {query.error === null ? null : (
          <Notice tone="amber">Cannot reach the server; this list may be out of date.</Notice>
        )}
        <RunList runs={query.runs} onMore={query.onMore} />
      </>
    );
  }
  return isEverything(filter) ? <NoRuns /> : <NothingFound onReset={onReset} />;
}

function NoRuns() {
  const { role } = useMe();
  return (
    <Empty icon={CirclePlay} title="No runs yet">
      <p>A run gives your prompt to a coding agent in an isolated sandbox, and brings back every file that it makes.</p>
      {role === "viewer" ? (
        <p>Your role lets you watch runs. Runs that your team starts appear here.</p>
      ) : (
        <Link href="/new" className="button button--primary">
          Start the first run
        </Link>
      )}
    </Empty>
  );
}

function NothingFound({ onReset }: { onReset: () => void }) {
  return (
    <Empty icon={SearchX} title="No run matches">
      <p>Try another word, or another state.</p>
      <Button onClick={onReset}>Show all runs</Button>
    </Empty>
  );
}

function isEverything({ view, search, user }: RunFilter): boolean {
  return view === "all" && search === "" && user === "";
}

/** The filter is part of the address, so that it survives a reload and can be sent to somebody. */
function useFilter(): [RunFilter, (filter: RunFilter) => void] {
  const [parameters, setParameters] = useSearchParams();
  const filter: RunFilter = {
    view: (parameters.get("view") ?? "all") as RunView,
    search: parameters.get("q") ?? "",
    user: parameters.get("user") ?? "",
  };
  const setFilter = ({ view, search, user }: RunFilter): void => {
    const entries = { view: view === "all" ? "" : view, q: search, user };
    setParameters(Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== "")), { replace: true });
  };
  return [filter, setFilter];
}
