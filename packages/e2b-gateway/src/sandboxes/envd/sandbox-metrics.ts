import { z } from "zod";
import type { GatewaySandbox } from "../gateway-sandbox.ts";
import type { PendingWork } from "../pending-work.ts";
import { EnvdClient } from "./envd-client.ts";

const everyMs = 5_000;
const sampleTimeoutMs = 4_000;
/** An hour of them. */
const keptSamples = 720;

/** What envd tells of its sandbox. */
const envdMetricsSchema = z.object({
  ts: z.number(),
  cpu_count: z.number(),
  cpu_used_pct: z.number(),
  mem_used: z.number(),
  mem_total: z.number(),
  mem_cache: z.number().optional(),
  disk_used: z.number(),
  disk_total: z.number(),
});

/** A sample as the control plane tells it. */
export interface SandboxMetric {
  readonly timestamp: string;
  readonly timestampUnix: number;
  readonly cpuCount: number;
  readonly cpuUsedPct: number;
  readonly memUsed: number;
  readonly memTotal: number;
  readonly memCache: number;
  readonly diskUsed: number;
  readonly diskTotal: number;
}

/** What the sandboxes of a gateway use, measured every few seconds while they run. */
export class SandboxMetrics {
  readonly #samples = new WeakMap<GatewaySandbox, SandboxMetric[]>();
  readonly #work: PendingWork;
  #timer: NodeJS.Timeout | undefined;

  constructor(work: PendingWork) {
    this.#work = work;
  }

  /** Begins to measure whatever `sandboxes` gives. */
  start(sandboxes: () => readonly GatewaySandbox[]): void {
    this.#timer = setInterval(() => {
      for (const sandbox of sandboxes()) {
        this.#work.start(
          () => this.#sample(sandbox),
          // A moment that cannot be measured has no sample.
          () => {},
        );
      }
    }, everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The samples of a span of time, in milliseconds since 1970; one is taken where there is none of late. */
  async of(sandbox: GatewaySandbox, from = 0, to = Number.POSITIVE_INFINITY): Promise<readonly SandboxMetric[]> {
    const newest = this.#samples.get(sandbox)?.at(-1);
    const isLate = newest === undefined || Date.now() - newest.timestampUnix * 1000 > 2 * everyMs;
    // A sandbox that does not answer is one without samples.
    if (isLate) await this.#sample(sandbox).catch(() => {});
    const samples = this.#samples.get(sandbox) ?? [];
    return samples.filter(({ timestampUnix }) => timestampUnix * 1000 >= from && timestampUnix * 1000 <= to);
  }

  async #sample(sandbox: GatewaySandbox): Promise<void> {
    const link = sandbox.currentLink;
    if (link === undefined) return;
    const envd = new EnvdClient(link, sandbox.envdToken);
    const metrics = envdMetricsSchema.parse(
      await envd.get("/metrics", AbortSignal.any([this.#work.closing, AbortSignal.timeout(sampleTimeoutMs)])),
    );
    const samples = this.#samples.get(sandbox) ?? [];
    samples.push({
      timestamp: new Date(metrics.ts * 1000).toISOString(),
      timestampUnix: metrics.ts,
      cpuCount: metrics.cpu_count,
      cpuUsedPct: metrics.cpu_used_pct,
      memUsed: metrics.mem_used,
      memTotal: metrics.mem_total,
      memCache: metrics.mem_cache ?? 0,
      diskUsed: metrics.disk_used,
      diskTotal: metrics.disk_total,
    });
    this.#samples.set(sandbox, samples.slice(-keptSamples));
  }
}
