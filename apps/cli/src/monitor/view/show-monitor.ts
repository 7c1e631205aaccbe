import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeSync } from "node:fs";
import type { RunStore } from "@glovebox/core";
import { render } from "ink";
import { createElement } from "react";
import type { Terminal } from "../../terminal.ts";
import type { MonitorLog } from "../monitor-log.ts";
import { sampleOf } from "../run-sample.ts";
import type { RunWatcher } from "../run-watcher.ts";
import { UsageSampler } from "../usage-sampler.ts";
import { MonitorController, type ViewExit } from "./monitor-controller.ts";
import { MonitorView } from "./monitor-view.ts";

export interface ShowMonitorOptions {
  readonly store: RunStore;
  readonly watcher: RunWatcher;
  readonly only: string | undefined;
  readonly terminal: Terminal;
  readonly intervalMs: number;
  readonly log: MonitorLog | undefined;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const drawMs = 1000;
/** Shows the cursor and leaves the second screen, for where the process ends without coming back here. */
const restore = "\u001b[?25h\u001b[?1049l";

/** Shows the view until the user leaves it, and again after each command that was started from it. */
export async function showMonitor(options: ShowMonitorOptions): Promise<number> {
  const { store, watcher, only, terminal, intervalMs } = options;
  const sampler = new UsageSampler({ terminal, intervalMs, onChange: () => {} });
  const controller = new MonitorController({ store, watcher, sampler, colors: terminal.stdout.colors, only });
  const interrupted = new AbortController();
  let isAway = false;
  // Ctrl-C in a command that has the terminal is for that command.
  const hear = (name: NodeJS.Signals) => {
    if (!isAway || name !== "SIGINT") interrupted.abort();
  };
  for (const name of signals) process.on(name, hear);
  try {
    for (;;) {
      const exit = await showView(controller, { ...options, sampler, signal: interrupted.signal });
      if (interrupted.signal.aborted) return 130;
      if (exit.kind === "quit") return 0;
      sampler.want([]);
      isAway = true;
      await runCommand(exit.args, terminal, interrupted.signal);
      isAway = false;
    }
  } finally {
    for (const name of signals) process.off(name, hear);
    await sampler.end();
  }
}

const renderOptions = {
  ...{ alternateScreen: true, exitOnCtrlC: false, patchConsole: false, interactive: true },
  ...{ incrementalRendering: true, maxFps: 10 },
} as const;

interface ShowViewOptions extends ShowMonitorOptions {
  readonly sampler: UsageSampler;
  readonly signal: AbortSignal;
}

async function showView(controller: MonitorController, options: ShowViewOptions): Promise<ViewExit> {
  const { watcher, signal, terminal } = options;
  let version = 0;
  const lastLog: LastLog = { at: performance.now(), running: new Set() };
  let leave: (exit: ViewExit) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const left = new Promise<ViewExit>((resolve, reject) => {
    leave = resolve;
    fail = reject;
  });
  const element = () => {
    version += 1;
    return createElement(MonitorView, { controller, version, onKey: (key) => void press(key).catch(fail) });
  };
  const guard = (work: () => void) => {
    try {
      work();
    } catch (error) {
      fail(error);
    }
  };
  const press = async (key: Parameters<MonitorController["press"]>[0]) => {
    const exit = await controller.press(key);
    if (exit !== undefined) leave(exit);
    else view.rerender(element());
  };
  const view = render(element(), { ...renderOptions, stdin: terminal.stdin });
  const onExit = () => void writeSync(1, restore);
  process.on("exit", onExit);
  const quit = () => leave({ kind: "quit" });
  signal.addEventListener("abort", quit, { once: true });
  terminal.stdout.gone.addEventListener("abort", quit, { once: true });
  const timer = setInterval(
    () =>
      guard(() => {
        watcher.look();
        controller.refresh();
        writeLog(options, lastLog);
        view.rerender(element());
      }),
    drawMs,
  );
  // Ink rejects with what a frame throws.
  view.waitUntilExit().then(quit, fail);
  try {
    return await left;
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", quit);
    view.unmount();
    await view.waitUntilExit().catch(() => {});
    process.off("exit", onExit);
  }
}

/** When the log was written last, and the runs that were running then. */
interface LastLog {
  at: number;
  running: ReadonlySet<string>;
}

/** Logs a sample of each run that is running, once per interval, and one of each that has ended since. */
function writeLog({ log, watcher, sampler, intervalMs }: ShowViewOptions, last: LastLog): void {
  if (log === undefined || performance.now() - last.at < intervalMs) return;
  const { runs } = watcher;
  for (const run of runs)
    if (run.isAlive || last.running.has(run.runId)) log.write(sampleOf(run, sampler.stateOf(run.runId)));
  last.at = performance.now();
  last.running = new Set(runs.filter(({ isAlive }) => isAlive).map(({ runId }) => runId));
}

/** Gives the terminal to another command of this program, and takes it back when a key is pressed after its end. */
async function runCommand(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { stderr, stdin, cwd, env } = terminal;
  const argv = [...process.execArgv, process.argv[1] ?? "", ...args];
  const child = spawn(process.execPath, argv, { stdio: "inherit", cwd, env: env as NodeJS.ProcessEnv });
  const end = () => void child.kill("SIGTERM");
  signal.addEventListener("abort", end, { once: true });
  await once(child, "close").catch((error: Error) => stderr.line(error.message));
  signal.removeEventListener("abort", end);
  if (signal.aborted) return;
  stderr.line("Press any key to return to the monitor.");
  // The view has let the process end without it.
  stdin.ref();
  stdin.setRawMode(true);
  // Read as the view does: a stream that was paused in between would not tell it of further keys.
  await once(stdin, "readable", { signal }).catch(() => {});
  stdin.read();
  stdin.setRawMode(false);
  stdin.unref();
}
