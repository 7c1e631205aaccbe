import { createHash } from "node:crypto";
import { plainText } from "@glovebox/core/text";
import type { BatchReport, ReportSlice } from "./batch-report.ts";
import type { ReportRow } from "./report-row.ts";
import {
  describeCheat,
  dollars,
  duration,
  fileCounts,
  oneLine,
  percent,
  severalLines,
  tokenCount,
  verdictOfRow,
} from "./report-text.ts";
import type { PassRate } from "./wilson-interval.ts";

const maxOutput = 4000;
const maxPrompt = 4000;

/** One page without scripts, and nothing that it loads: the browser refuses both. Every text from a run is escaped. */
export function htmlReport(report: BatchReport): string {
  const { id, source, createdAt, isComplete, total, slices, rows } = report;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleDigest}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(`Batch ${id}`)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>Batch <code>${escapeHtml(id)}</code></h1>
<p class="quiet">${escapeHtml(source)}, started <time datetime="${escapeHtml(createdAt)}">${escapeHtml(createdAt.slice(0, 16).replace("T", " "))} UTC</time>${isComplete ? "" : ", not complete"}</p>
</header>
${summary(total)}
${slices.map(({ by, slices }) => sliceTable(by, slices)).join("\n")}
<section>
<h2>Rows</h2>
${rowTable(rows)}
</section>
</main>
</body>
</html>
`;
}

function summary({ passRate, costUsd, tokens, durationMs, rows }: ReportSlice): string {
  const { rate, low, high, passed, total } = passRate;
  const value = total === 0 ? "—" : percent(rate);
  return `<section class="tiles">
<div class="tile wide"><span class="label">Passed</span><span class="value">${value}</span>${rateBar(passRate)}<span class="quiet">${passed} of ${total}${rows === total ? "" : ` decided, of ${rows} rows`}; between ${percent(low)} and ${percent(high)} at 95&nbsp;% confidence</span></div>
<div class="tile"><span class="label">Cost</span><span class="value">${dollars(costUsd)}</span><span class="quiet">${dollars(rows === 0 ? 0 : costUsd / rows)} a row</span></div>
<div class="tile"><span class="label">Tokens</span><span class="value">${tokenCount(tokens)}</span><span class="quiet">${tokenCount(rows === 0 ? 0 : Math.round(tokens / rows))} a row</span></div>
<div class="tile"><span class="label">Time of all runs</span><span class="value">${duration(durationMs)}</span><span class="quiet">${duration(rows === 0 ? 0 : durationMs / rows)} a row</span></div>
</section>`;
}

/** The rate, and its interval as a line below it. */
function rateBar({ rate, low, high, total }: PassRate): string {
  if (total === 0) return "";
  const at = (share: number) => (share * 100).toFixed(1);
  // words:allow box: the name of an attribute of SVG
  return `<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="${percent(rate)}, ${percent(low)} to ${percent(high)}"><rect class="track" width="100" height="5"/><rect class="fill" width="${at(rate)}" height="5"/><rect class="interval" x="${at(low)}" y="6" width="${at(high - low)}" height="2"/></svg>`;
}

function sliceTable(by: string, slices: readonly ReportSlice[]): string {
  const rows = slices.map(
    ({ name, passRate, costUsd, tokens, durationMs }) =>
      `<tr><th scope="row">${escapeHtml(name)}</th><td class="number">${passRate.total === 0 ? "—" : percent(passRate.rate)}</td><td class="rate">${rateBar(passRate)}</td><td class="number">${passRate.passed} of ${passRate.total}</td><td class="number">${dollars(costUsd)}</td><td class="number">${tokenCount(tokens)}</td><td class="number">${duration(durationMs)}</td></tr>`,
  );
  return `<section>
<h2>By ${by}</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">${by}</th><th scope="col" colspan="2">passed</th><th scope="col"></th><th scope="col">cost</th><th scope="col">tokens</th><th scope="col">time</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table></div>
</section>`;
}

function rowTable(rows: readonly ReportRow[]): string {
  return `<div class="scroll"><table>
<thead><tr><th scope="col">row</th><th scope="col">verdict</th><th scope="col">prompt</th><th scope="col">model</th><th scope="col">cost</th><th scope="col">tokens</th><th scope="col">time</th><th scope="col">files</th></tr></thead>
<tbody>
${rows.map(rowCells).join("\n")}
</tbody>
</table></div>`;
}

function rowCells(row: ReportRow): string {
  const kind = row.passed ? "good" : row.isDecided ? "bad" : "open";
  return `<tr><th scope="row">${escapeHtml(row.id)}</th><td><span class="verdict ${kind}">${escapeHtml(verdictOfRow(row))}</span></td><td class="prompt">${escapeHtml(oneLine(row.prompt, 120))}${details(row)}</td><td>${escapeHtml(row.model ?? "")}</td><td class="number">${dollars(row.costUsd)}</td><td class="number">${tokenCount(row.tokens)}</td><td class="number">${duration(row.durationMs)}</td><td class="number">${fileCounts(row)}</td></tr>`;
}

function details(row: ReportRow): string {
  const { reason, verification, prompt, runId, attempts } = row;
  const cheats = (verification?.cheats ?? []).map((cheat) => `<li>${escapeHtml(describeCheat(cheat))}</li>`);
  const output = severalLines(verification?.outputTail ?? "", maxOutput);
  return `<details${cheats.length > 0 || (!row.passed && row.isDecided) ? " open" : ""}><summary>${escapeHtml(oneLine(reason) || "details")}</summary>${
    cheats.length === 0
      ? ""
      : `<p>Changes of the agent's to what judges it:</p><ul class="cheats">${cheats.join("")}</ul>`
  }${prompt.length > 120 ? `<p>Prompt:</p><pre>${escapeHtml(severalLines(prompt.slice(0, maxPrompt), maxPrompt))}</pre>` : ""}${
    output === ""
      ? ""
      : `<details><summary>output of the verification</summary><pre>${escapeHtml(output)}</pre></details>`
  }<p class="quiet">${runId === undefined ? "no run" : `run <code>${escapeHtml(runId)}</code>`}${attempts > 1 ? `, ${attempts} attempts` : ""}</p></details>`;
}

function escapeHtml(text: string): string {
  return plainText(text)
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;")
    .replace(/'/g, "&#39;");
}

const style = `
:root { color-scheme: light dark; --bg: light-dark(#fff, #14161a); --text: light-dark(#1b1f24, #e6e8eb); --quiet: light-dark(#5b6470, #9aa4b0); --line: light-dark(#dfe3e8, #2c3138); --panel: light-dark(#f6f7f9, #1c2026); --good: light-dark(#16703a, #5fd38d); --bad: light-dark(#b3261e, #ff8f86); --open: light-dark(#7a5b00, #e3bf5b); }
body { margin: 0; background: var(--bg); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .6rem; }
code, pre { font-family: ui-monospace, monospace; font-size: .92em; overflow-wrap: anywhere; }
p { margin: .4rem 0; }
.quiet { color: var(--quiet); font-size: .87rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: .8rem; margin-top: 1.4rem; }
.tile { display: flex; flex-direction: column; gap: .15rem; padding: .8rem 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
.tile.wide { grid-column: span 2; }
.label { color: var(--quiet); font-size: .85rem; }
.value { font-size: 1.6rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.bar { display: block; width: 100%; height: 14px; margin: .2rem 0; }
.track { fill: var(--line); } .fill { fill: var(--good); } .interval { fill: var(--quiet); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { width: 100%; border-collapse: collapse; }
th, td { padding: .5rem .75rem; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { color: var(--quiet); font-size: .82rem; font-weight: 500; background: var(--panel); white-space: nowrap; }
tbody th { font-weight: 600; white-space: nowrap; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.rate { width: 30%; min-width: 120px; }
.prompt { min-width: 20rem; overflow-wrap: anywhere; }
.verdict { white-space: nowrap; font-weight: 600; }
.good { color: var(--good); } .bad { color: var(--bad); } .open { color: var(--open); }
details { margin-top: .3rem; font-size: .92rem; }
summary { cursor: pointer; color: var(--quiet); }
.cheats { margin: .2rem 0; padding-left: 1.2rem; color: var(--bad); }
pre { margin: .3rem 0; padding: .6rem .8rem; max-height: 20rem; overflow: auto; white-space: pre-wrap; background: var(--panel); border: 1px solid var(--line); border-radius: 6px; }
@media print { .scroll { overflow: visible; } details > summary { list-style: none; } }
`;

/** The only style that the browser uses. */
const styleDigest = createHash("sha256").update(style).digest("base64");
