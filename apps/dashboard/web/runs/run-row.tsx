import type { Run } from "@glovebox/client";
import { safeLine } from "@glovebox/core/text";
import { memo } from "react";
import { Link } from "wouter";
import { classNames } from "../base/class-names.ts";
import { formatMoney } from "../text/format-money.ts";
import { RelativeTime } from "../text/relative-time.tsx";
import { RunDuration, StateIcon } from "./run-state.tsx";
import { runTitle } from "./run-title.ts";

interface RunRowProps {
  readonly run: Run;
  readonly userName: string | undefined;
  readonly isSelected: boolean;
}

/** One run in the list. The whole row is a link. */
export const RunRow = memo(function RunRow({ run, userName, isSelected }: RunRowProps) {
  return (
    <Link
      href={`/runs/${run.id}`}
      className={classNames("run-row", isSelected && "run-row--selected")}
      data-run={run.id}
      aria-current={isSelected ? "true" : undefined}
    >
      <StateIcon run={run} />
      <span className="run-row__main">
        <span className="run-row__title cut">{runTitle(run)}</span>
        <span className="run-row__about cut">{aboutOf(run)}</span>
      </span>
      <span className="run-row__labels">
        {Object.entries(run.labels)
          .slice(0, 2)
          .map(([key, value]) => (
            <span key={key} className="badge cut">
              {safeLine(value === "" ? key : `${key}: ${value}`, 28)}
            </span>
          ))}
      </span>
      <span className="run-row__user cut soft">{userName ?? "—"}</span>
      <span className="run-row__cost number soft">{run.costUsd === undefined ? "—" : formatMoney(run.costUsd)}</span>
      <span className="run-row__duration soft">
        <RunDuration run={run} />
      </span>
      <span className="run-row__time faint">
        <RelativeTime at={run.createdAt} />
      </span>
    </Link>
  );
});

function aboutOf(run: Run): string {
  const parts = [run.harness, run.model, run.provider].filter((part) => part !== undefined);
  if (run.state === "queued")
    return `${parts.join(" · ")} · ${run.place === undefined ? "queued" : `number ${run.place} in the queue`}`;
  if (run.state === "running" && run.phase !== undefined) return `${parts.join(" · ")} · ${run.phase}`;
  const isReasonGiven = run.outcome !== "succeeded" && run.reason !== undefined;
  return isReasonGiven ? safeLine(run.reason ?? "", 140) : parts.join(" · ");
}
