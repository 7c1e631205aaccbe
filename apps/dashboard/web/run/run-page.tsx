import { GloveboxApiError, type RunDetail } from "@glovebox/client";
import { ChevronLeft, FileQuestion } from "lucide-react";
import { Link } from "wouter";
import { Empty } from "../base/empty.tsx";
import { Notice } from "../base/notice.tsx";
import { Skeleton } from "../base/skeleton.tsx";
import { useMe } from "../data/me.ts";
import { useRun } from "../data/runs.ts";
import { useRunModel } from "../data/use-run-model.ts";
import { StateIcon } from "../runs/run-state.tsx";
import { runTitle } from "../runs/run-title.ts";
import { Page } from "../shell/page.tsx";
import { RunActions } from "./run-actions.tsx";
import { RunProvider } from "./run-context.ts";
import { RunView } from "./run-view.tsx";

/** Everything about one run. */
export function RunPage({ runId }: { runId: string }) {
  const query = useRun(runId);
  if (query.data !== undefined) return <LoadedRun key={runId} run={query.data} />;
  return (
    <Page title="Run">
      {query.error === null ? <Skeleton lines={8} label="Loading the run" /> : <LoadError error={query.error} />}
    </Page>
  );
}

function LoadError({ error }: { error: Error }) {
  if (!GloveboxApiError.isInstance(error) || error.status !== 404) return <Notice tone="red">{error.message}</Notice>;
  return (
    <Empty icon={FileQuestion} title="This run does not exist">
      <p>It may have been deleted.</p>
      <Link href="/" className="button">
        Show all runs
      </Link>
    </Empty>
  );
}

function LoadedRun({ run }: { run: RunDetail }) {
  const { user, role } = useMe();
  const { model, version } = useRunModel(run);
  const isOwn = role === "admin" || (role === "runner" && run.userId === user.id);
  return (
    <RunProvider value={{ run, model, version, isOwn, isShared: false }}>
      <main className="page page--fixed page--run" id="main" tabIndex={-1}>
        <title>{`${runTitle(run, 60)} · Glovebox`}</title>
        <header className="page__head run__head">
          <Link href="/" className="button button--quiet button--icon button--small" aria-label="Back to the runs">
            <ChevronLeft aria-hidden />
          </Link>
          <StateIcon run={run} />
          <h1 className="grow cut">{runTitle(run)}</h1>
          <div className="row">
            <RunActions />
          </div>
        </header>
        <RunView />
      </main>
    </RunProvider>
  );
}
