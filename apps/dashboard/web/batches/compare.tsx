import type { BatchReport } from "@glovebox/client";
import { formatDuration, plainText, safeLine } from "@glovebox/core/text";
import { ChevronLeft } from "lucide-react";
import { useMemo } from "react";
import { Link } from "wouter";
import { Button } from "../base/button.tsx";
import { ScrollArea } from "../base/scroll-area.tsx";
import { Skeleton } from "../base/skeleton.tsx";
import { usePatch } from "../data/run-files.ts";
import { useRun } from "../data/runs.ts";
import { diffRows } from "../model/diff-rows.ts";
import { DiffRowView } from "../run/diff-row-view.tsx";
import { StateBadge } from "../runs/run-state.tsx";
import { formatMoney } from "../text/format-money.ts";

type Row = BatchReport["rows"][number];

const mostDiffRows = 400;

/** A few rows beside each other: what each said, and what it changed. */
export function Compare({ rows, onClose }: { rows: readonly Row[]; onClose: () => void }) {
  return (
    <section className="stack" aria-label="Comparison">
      <div>
        <Button icon={<ChevronLeft />} onClick={onClose}>
          All rows
        </Button>
      </div>
      <div className="compare" style={{ gridTemplateColumns: `repeat(${rows.length}, minmax(280px, 1fr))` }}>
        {rows.map((row) => (
          <Column key={row.runId} row={row} />
        ))}
      </div>
    </section>
  );
}

function Column({ row }: { row: Row }) {
  const run = useRun(row.runId).data;
  const facts = [
    row.model ?? row.harness,
    row.durationMs === undefined ? undefined : formatDuration(row.durationMs),
    row.costUsd === undefined ? undefined : formatMoney(row.costUsd),
  ];
  return (
    <article className="card compare__column">
      <header className="card__head">
        <Link href={`/runs/${row.runId}`} className="strong-link grow cut">
          {safeLine(row.rowId, 40)}
        </Link>
        {run === undefined ? null : <StateBadge run={run} />}
      </header>
      <div className="card__body stack">
        <p className="soft number">{facts.filter((fact) => fact !== undefined).join(" · ")}</p>
        <p className="compare__answer">{plainText(run?.result?.message ?? run?.reason ?? "")}</p>
      </div>
      <Changes runId={row.runId} isEnded={row.state === "ended"} />
    </article>
  );
}

function Changes({ runId, isEnded }: { runId: string; isEnded: boolean }) {
  const patch = usePatch(runId, isEnded);
  const diff = useMemo(() => diffRows(patch.data ?? ""), [patch.data]);
  if (!isEnded) return <p className="pad faint">The changes are known when the run has ended.</p>;
  if (patch.isPending) return <Skeleton />;
  if (diff.rows.length === 0) return <p className="pad faint">Nothing was changed.</p>;
  return (
    <ScrollArea className="compare__diff" label="Changes">
      {diff.rows.slice(0, mostDiffRows).map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows of one patch never move
        <DiffRowView key={index} row={row} />
      ))}
      {diff.rows.length > mostDiffRows ? <p className="pad faint">Open the run to see the rest.</p> : null}
    </ScrollArea>
  );
}
