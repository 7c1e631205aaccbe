import { formatBytes, formatDuration, safeName } from "@glovebox/core/text";
import { Cpu } from "lucide-react";
import { Empty } from "../base/empty.tsx";
import { ScrollArea } from "../base/scroll-area.tsx";
import { Skeleton } from "../base/skeleton.tsx";
import { type Sample, useProcesses } from "../data/processes.ts";
import { LineGraph } from "./line-graph.tsx";
import { useShownRun } from "./run-context.ts";

/** What runs in the sandbox, and what it uses. */
export function ProcessesView() {
  const { run } = useShownRun();
  const { samples, error } = useProcesses(run.id);
  const last = samples.at(-1);
  if (last === undefined) {
    if (error === null) return <Skeleton label="Asking the sandbox" />;
    return (
      <Empty icon={Cpu} title="The sandbox does not answer">
        <p>{error.message}</p>
      </Empty>
    );
  }
  const { disk } = last.processes;
  return (
    <div className="scroll stack">
      <div className="graphs">
        <LineGraph title="Processor" values={cpuShares(samples)} format={(share) => `${Math.round(share * 100)}%`} />
        <LineGraph title="Memory" values={samples.map(({ processes }) => processes.memoryBytes)} format={formatBytes} />
        {disk === undefined ? null : (
          <LineGraph
            title={`Disk, of ${formatBytes(disk.totalBytes)}`}
            values={samples.map(({ processes }) => processes.disk?.usedBytes ?? 0)}
            format={formatBytes}
          />
        )}
      </div>
      <ProcessTable sample={last} />
      <p className="faint">Measured inside the sandbox: a hostile program can report anything.</p>
    </div>
  );
}

/** Processor time per time, between each two samples. */
function cpuShares(samples: readonly Sample[]): number[] {
  return samples.slice(1).map(({ at, processes }, index) => {
    const before = samples[index];
    if (before === undefined || at === before.at) return 0;
    return Math.max(0, (processes.cpuMs - before.processes.cpuMs) / (at - before.at));
  });
}

function ProcessTable({ sample }: { sample: Sample }) {
  const byMemory = [...sample.processes.processes].sort((a, b) => b.memoryBytes - a.memoryBytes);
  return (
    <ScrollArea className="card table-scroll" label="Processes">
      <table className="table">
        <thead>
          <tr>
            <th>PID</th>
            <th>Name</th>
            <th className="right">Processor time</th>
            <th className="right">Memory</th>
          </tr>
        </thead>
        <tbody>
          {byMemory.map(({ pid, name, cpuMs, memoryBytes }) => (
            <tr key={pid}>
              <td className="number faint">{pid}</td>
              <td className="mono">{safeName(name, 100)}</td>
              <td className="right number">{formatDuration(cpuMs)}</td>
              <td className="right number">{formatBytes(memoryBytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollArea>
  );
}
