/** A process in a sandbox, as the sandbox itself reports it. */
export interface InsideProcess {
  readonly pid: number;
  /** When it started, in clock ticks since the sandbox's kernel did: with the pid, it names a process. */
  readonly startTicks: number;
  /** Chosen by whoever started the process: print it through `safeName`. */
  readonly name: string;
  /** Processor time of the process itself, in milliseconds. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** What a sandbox says about itself, measured by programs in it. Whoever is inside may have chosen each value. */
export interface InsideUsage {
  readonly processes: readonly InsideProcess[];
  /** Processor time of all processes of the sandbox's user and of their ended children, in milliseconds. */
  readonly cpuMs: number;
  /** As the kernel counts it for the sandbox, or else what the processes have in memory, with shared pages counted in each. */
  readonly memoryBytes: number;
  /** Of the disk that holds the workspace. Absent where it cannot be read. */
  readonly disk?: { readonly usedBytes: number; readonly totalBytes: number };
}
