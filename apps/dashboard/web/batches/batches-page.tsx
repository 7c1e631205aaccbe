import type { Batch } from "@glovebox/client";
import { safeLine } from "@glovebox/core/text";
import { Grid3x3, Plus } from "lucide-react";
import { Link } from "wouter";
import { Badge } from "../base/badge.tsx";
import { Empty } from "../base/empty.tsx";
import { QueryState } from "../base/query-state.tsx";
import { ScrollArea } from "../base/scroll-area.tsx";
import { useBatches } from "../data/batches.ts";
import { useMe } from "../data/me.ts";
import { Page } from "../shell/page.tsx";
import { formatMoney } from "../text/format-money.ts";
import { RelativeTime } from "../text/relative-time.tsx";
import { CountBar } from "./count-bar.tsx";

/** The batches of the team, newest first. */
export function BatchesPage() {
  const batches = useBatches();
  const { role } = useMe();
  const create =
    role === "viewer" ? undefined : (
      <Link href="/batches/new" className="button">
        <Plus aria-hidden />
        New batch
      </Link>
    );
  return (
    <Page title="Batches" about="Many prompts that run together, each in a sandbox of its own." actions={create}>
      <QueryState query={batches}>
        {(list) => (list.length === 0 ? <NoBatches /> : <BatchTable batches={list} />)}
      </QueryState>
    </Page>
  );
}

function NoBatches() {
  return (
    <Empty icon={Grid3x3} title="No batches yet">
      <p>A batch runs one prompt on several models, or many prompts at once, and compares what came of them.</p>
    </Empty>
  );
}

function BatchTable({ batches }: { batches: readonly Batch[] }) {
  return (
    <ScrollArea className="card table-scroll" label="Batches">
      <table className="table">
        <thead>
          <tr>
            <th>Name</th>
            <th>State</th>
            <th className="wide">Rows</th>
            <th className="right">Cost</th>
            <th className="right">Created</th>
          </tr>
        </thead>
        <tbody>
          {batches.map((batch) => (
            <tr key={batch.id}>
              <td>
                <Link href={`/batches/${batch.id}`} className="strong-link">
                  {safeLine(batch.name ?? batch.id, 80)}
                </Link>
              </td>
              <td>
                <Badge tone={batch.state === "running" ? "blue" : undefined}>
                  {batch.state === "running" ? "Running" : "Ended"}
                </Badge>
              </td>
              <td>
                <CountBar counts={batch.counts} />
              </td>
              <td className="right number">{formatMoney(batch.costUsd)}</td>
              <td className="right faint">
                <RelativeTime at={batch.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
