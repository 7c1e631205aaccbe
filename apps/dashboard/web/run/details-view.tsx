import { plainText, safeLine, safeName } from "@glovebox/core/text";
import type { ReactNode } from "react";
import { CopyButton } from "../base/copy-button.tsx";
import { ScrollArea } from "../base/scroll-area.tsx";
import { formatMoney } from "../text/format-money.ts";
import { LineGraph } from "./line-graph.tsx";
import { useShownRun } from "./run-context.ts";
import { Fact, RunSummary } from "./run-summary.tsx";

/** What it cost, what was asked for, and where it ran. */
export function DetailsView() {
  return (
    <ScrollArea className="scroll details" label="Details">
      <div className="details__summary">
        <RunSummary />
      </div>
      <Cost />
      <Place />
      <Components />
      <Request />
    </ScrollArea>
  );
}

function Card({ title, children, extra }: { title: string; children: ReactNode; extra?: ReactNode }) {
  return (
    <section className="card">
      <header className="card__head">
        <h2 className="grow">{title}</h2>
        {extra}
      </header>
      <div className="card__body">{children}</div>
    </section>
  );
}

function Cost() {
  const { usage } = useShownRun().model;
  if (usage.models.length === 0) return null;
  return (
    <Card title="Cost">
      <div className="stack">
        {usage.points.length < 2 ? null : (
          <LineGraph title="In total" values={usage.points.map(({ totalUsd }) => totalUsd)} format={formatMoney} />
        )}
        <ScrollArea className="table-scroll" label="Cost by model">
          <table className="table table--inner">
            <thead>
              <tr>
                <th>Model</th>
                {["Requests", "Input", "Output", "Cached", "Cost"].map((name) => (
                  <th key={name} className="right">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {usage.models.map((totals) => (
                <tr key={totals.model}>
                  <td className="mono">{safeLine(totals.model, 60)}</td>
                  {[totals.requests, totals.input, totals.output, totals.cacheRead].map((value, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: the columns never move
                    <td key={index} className="right number">
                      {value.toLocaleString("en")}
                    </td>
                  ))}
                  <td className="right number">{totals.costUsd === undefined ? "—" : formatMoney(totals.costUsd)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollArea>
      </div>
    </Card>
  );
}

function Place() {
  const { run, model } = useShownRun();
  const cleanup = model.end?.cleanup;
  return (
    <Card title="Run">
      <dl className="facts">
        <Fact name="Id">
          <span className="mono">{run.id}</span> <CopyButton text={run.id} label="Copy the id" />
        </Fact>
        {model.sandbox === undefined ? null : (
          <Fact name="Sandbox">
            <span className="mono">{safeLine(model.sandbox.sandboxId, 100)}</span>
          </Fact>
        )}
        {cleanup === undefined ? null : <Fact name="Clean-up">{cleanups[cleanup.state]}</Fact>}
        {run.workerId === undefined ? null : <Fact name="Worker">{run.workerId}</Fact>}
        {run.exitCode === undefined ? null : <Fact name="Exit code">{run.exitCode}</Fact>}
        {model.session?.version === undefined ? null : (
          <Fact name="Agent version">{safeLine(model.session.version, 60)}</Fact>
        )}
        {run.reason === undefined ? null : <Fact name="Reason">{plainText(run.reason)}</Fact>}
      </dl>
    </Card>
  );
}

const cleanups = {
  clean: "Everything was removed",
  kept: "The sandbox was kept, as requested",
  left: "Something was left behind",
} as const;

function Components() {
  const { components } = useShownRun().model;
  if (components === undefined || components.components.length === 0) return null;
  return (
    <Card title="Components">
      <ul className="stack">
        {components.components.map(({ kind, name, source, sha256 }) => (
          <li key={`${kind} ${name}`} className="row">
            <span className="badge">{safeLine(kind, 20)}</span>
            <span className="grow cut">{safeName(name, 100)}</span>
            <span className="faint cut">{safeLine(source, 60)}</span>
            <span className="mono faint" title={sha256}>
              {sha256.slice(0, 10)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Request() {
  const { request } = useShownRun().run;
  const text = JSON.stringify(request, undefined, 2);
  return (
    <Card title="Request" extra={<CopyButton text={text} label="Copy the request" />}>
      <pre className="details__request">{plainText(text)}</pre>
    </Card>
  );
}
