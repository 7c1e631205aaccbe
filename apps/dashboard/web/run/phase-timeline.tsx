import type { RunPhase } from "@glovebox/core";
import { formatDuration, safeLine } from "@glovebox/core/text";
import { classNames } from "../base/class-names.ts";
import type { PhaseSpan } from "../model/phases.ts";
import { useNow } from "../text/relative-time.tsx";
import { useShownRun } from "./run-context.ts";

const phases: readonly { readonly phase: RunPhase; readonly text: string; readonly about: string }[] = [
  { phase: "preparing", text: "Prepare", about: "Check the provider, build or find the template" },
  { phase: "creating", text: "Create", about: "Create the sandbox and verify its limits" },
  { phase: "uploading", text: "Upload", about: "Copy the workspace into the sandbox" },
  { phase: "installing", text: "Install", about: "Install components" },
  { phase: "running", text: "Run", about: "The agent works" },
  { phase: "collecting", text: "Collect", about: "Bring every file back and check it" },
  { phase: "destroying", text: "Destroy", about: "Remove the sandbox" },
];

/** The phases of the run, each with how long it took. */
export function PhaseTimeline() {
  const { model, run } = useShownRun();
  const { spans } = model.phases;
  const { progress } = model;
  return (
    <div className="timeline">
      <ol aria-label="Phases">
        {phases.map(({ phase, text, about }) => {
          const span = spans.findLast((one) => one.phase === phase);
          const isCurrent = span !== undefined && span.endedAt === undefined && run.state !== "ended";
          return (
            <li
              key={phase}
              className={classNames(
                "timeline__phase",
                span !== undefined && "timeline__phase--begun",
                isCurrent && "timeline__phase--current",
              )}
              aria-current={isCurrent ? "step" : undefined}
              title={about}
            >
              <span className="timeline__name">{text}</span>
              <span className="timeline__time number">
                {span === undefined ? "" : <SpanTime span={span} isCurrent={isCurrent} />}
              </span>
            </li>
          );
        })}
      </ol>
      {progress === undefined || run.state === "ended" ? null : (
        <p className="timeline__progress faint cut" role="status">
          {safeLine(progress.message, 160)}
          {progress.total === undefined ? "" : ` ${Math.round((100 * (progress.done ?? 0)) / progress.total)}%`}
        </p>
      )}
    </div>
  );
}

function SpanTime({ span, isCurrent }: { span: PhaseSpan; isCurrent: boolean }) {
  if (isCurrent) return <GrowingTime since={span.startedAt} />;
  return span.endedAt === undefined ? null : formatDuration(Date.parse(span.endedAt) - Date.parse(span.startedAt));
}

function GrowingTime({ since }: { since: string }) {
  const now = useNow(1000);
  return formatDuration(Math.max(0, Math.round((now - Date.parse(since)) / 1000) * 1000));
}
