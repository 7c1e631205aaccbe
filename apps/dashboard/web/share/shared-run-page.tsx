import type { RunDetail } from "@glovebox/client";
import { LinkIcon, Unlink } from "lucide-react";
import { Badge } from "../base/badge.tsx";
import { Empty } from "../base/empty.tsx";
import { Skeleton } from "../base/skeleton.tsx";
import { useRun } from "../data/runs.ts";
import { useSharedLink } from "../data/shared-link.ts";
import { useRunModel } from "../data/use-run-model.ts";
import { RunProvider } from "../run/run-context.ts";
import { RunView } from "../run/run-view.tsx";
import { StateIcon } from "../runs/run-state.tsx";
import { runTitle } from "../runs/run-title.ts";

/** The page behind a share link: one run, read-only. */
export function SharedRunPage() {
  const link = useSharedLink();
  if (link.error !== null) return <DeadLink />;
  return link.data === undefined ? <Loading /> : <Shared {...link.data} />;
}

function Shared({ runId, expiresAt }: { runId: string; expiresAt: string }) {
  const query = useRun(runId);
  if (query.data !== undefined) return <SharedRun run={query.data} expiresAt={expiresAt} />;
  return query.error === null ? <Loading /> : <DeadLink />;
}

function SharedRun({ run, expiresAt }: { run: RunDetail; expiresAt: string }) {
  const { model, version } = useRunModel(run);
  return (
    <RunProvider value={{ run, model, version, isOwn: false, isShared: true }}>
      <main className="page page--fixed page--run page--shared" id="main">
        <title>{`${runTitle(run, 60)} · Glovebox`}</title>
        <header className="page__head run__head">
          <StateIcon run={run} />
          <h1 className="grow cut">{runTitle(run)}</h1>
          <Badge title={`This link works until ${new Date(expiresAt).toLocaleString()}`}>
            <LinkIcon aria-hidden />
            Shared, read-only
          </Badge>
        </header>
        <RunView />
      </main>
    </RunProvider>
  );
}

function Loading() {
  return (
    <main className="page">
      <h1 className="only-for-readers">Shared run</h1>
      <Skeleton lines={8} label="Loading the run" />
    </main>
  );
}

function DeadLink() {
  return (
    <main className="page">
      <h1 className="only-for-readers">Shared run</h1>
      <Empty icon={Unlink} title="This link does not work">
        <p>It may have expired, or somebody revoked it. Ask for a new one.</p>
      </Empty>
    </main>
  );
}
