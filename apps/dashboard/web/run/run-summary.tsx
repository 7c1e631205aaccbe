import type { RunDetail } from "@glovebox/client";
import { formatBytes, formatCount, plainText, safeLine } from "@glovebox/core/text";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useUserNames } from "../data/users.ts";
import { RunDuration, StateBadge } from "../runs/run-state.tsx";
import { formatMoney } from "../text/format-money.ts";
import { RelativeTime } from "../text/relative-time.tsx";
import { useShownRun } from "./run-context.ts";

/** What the run is and how it went, beside its tabs. */
export function RunSummary() {
  const { run } = useShownRun();
  return (
    <aside className="summary" aria-label="Summary">
      {run.reason === undefined || run.outcome === "succeeded" ? null : (
        <p className="summary__reason">{plainText(run.reason)}</p>
      )}
      <dl className="facts">
        <Fact name="State">
          <StateBadge run={run} />
        </Fact>
        <Numbers />
        <Origin />
      </dl>
    </aside>
  );
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Numbers() {
  const { run, model } = useShownRun();
  const cost = run.costUsd ?? model.usage.totalUsd;
  const limit = run.request.maxCostUsd;
  return (
    <>
      {run.place === undefined ? null : <Fact name="Queue">number {run.place}</Fact>}
      <Fact name="Duration">
        <RunDuration run={run} />
      </Fact>
      <Fact name="Cost">
        <span className="number">{cost === undefined ? "—" : formatMoney(cost)}</span>
        {limit === undefined ? null : <span className="faint"> of {formatMoney(limit)}</span>}
        {limit === undefined || cost === undefined ? null : (
          <progress className="meter" aria-label="Share of the cost limit" value={Math.min(cost, limit)} max={limit} />
        )}
      </Fact>
      {run.tokens === undefined ? null : <Fact name="Tokens">{sumOf(run.tokens).toLocaleString("en")}</Fact>}
      {run.filesCount === undefined ? null : (
        <Fact name="Files">
          {formatCount(run.filesCount, "file")} <span className="faint">{formatBytes(run.filesBytes ?? 0)}</span>
        </Fact>
      )}
    </>
  );
}

/** Cached input is not counted: it is what the model had read before. */
function sumOf({ input, output, cacheWrite }: NonNullable<RunDetail["tokens"]>): number {
  return input + output + cacheWrite;
}

function Origin() {
  const { run, model, isShared } = useShownRun();
  const userName = useUserNames().get(run.userId);
  return (
    <>
      <Fact name="Harness">{run.harness}</Fact>
      {(model.session?.model ?? run.request.model) === undefined ? null : (
        <Fact name="Model">{safeLine(model.session?.model ?? run.request.model ?? "", 60)}</Fact>
      )}
      <Fact name="Provider">{run.provider}</Fact>
      {userName === undefined ? null : <Fact name="User">{userName}</Fact>}
      <Fact name="Created">
        <RelativeTime at={run.createdAt} />
      </Fact>
      {isShared ? null : <Relations />}
      {Object.entries(run.labels).map(([key, value]) => (
        <Fact key={key} name={safeLine(key, 30)}>
          {safeLine(value, 80)}
        </Fact>
      ))}
    </>
  );
}

function Relations() {
  const { run } = useShownRun();
  return (
    <>
      {run.continues === undefined ? null : (
        <Fact name="Continues">
          <Link href={`/runs/${run.continues}`}>{run.continues}</Link>
        </Fact>
      )}
      {run.forkOf === undefined ? null : (
        <Fact name="Fork of">
          <Link href={`/runs/${run.forkOf}`}>{run.forkOf}</Link>
        </Fact>
      )}
      {run.batchId === undefined ? null : (
        <Fact name="Batch">
          <Link href={`/batches/${run.batchId}`}>{run.batchId}</Link>
        </Fact>
      )}
    </>
  );
}
