import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { SquareTerminal } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Empty } from "../base/empty.tsx";
import { Notice } from "../base/notice.tsx";
import { api } from "../data/api.ts";
import { useShownTheme } from "../shell/theme.ts";
import { useShownRun } from "./run-context.ts";
import { sheetDocument } from "./sheet-document.ts";
import { terminalTheme } from "./terminal-theme.ts";

/** The terminal of an interactive run. What is typed here goes to the agent's program. */
export function TerminalView() {
  const { run } = useShownRun();
  if (!run.interactive) {
    return (
      <Empty icon={SquareTerminal} title="This run has no terminal">
        <p>Start a run as “interactive” to work in the agent's own screen, here or with `glovebox attach`.</p>
      </Empty>
    );
  }
  return <LiveTerminal runId={run.id} />;
}

function LiveTerminal({ runId }: { runId: string }) {
  const host = useRef<HTMLDivElement>(null);
  const terminal = useRef<Terminal>(undefined);
  const [ended, setEnded] = useState<string>();
  const theme = useShownTheme();
  useEffect(() => {
    if (host.current === null) return;
    const opened = startTerminal(host.current);
    terminal.current = opened.terminal;
    const stop = new AbortController();
    attach(runId, opened.terminal, stop.signal).then(
      () => setEnded("The program in the terminal has ended."),
      (error: Error) => !stop.signal.aborted && setEnded(error.message),
    );
    return () => {
      stop.abort();
      opened.close();
    };
  }, [runId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the page, which the theme has changed
  useEffect(() => {
    if (terminal.current !== undefined) terminal.current.options.theme = terminalTheme();
  }, [theme]);
  return (
    <>
      {ended === undefined ? null : <Notice tone="amber">{ended}</Notice>}
      <div className="terminal" ref={host} />
    </>
  );
}

/** Joins the terminal on the page and the one in the sandbox, until the latter ends. */
async function attach(runId: string, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const inside = await api.terminal(runId, { columns: terminal.cols, rows: terminal.rows, signal });
  terminal.onData((text) => inside.write(text));
  terminal.onBinary((text) => inside.write(Uint8Array.from(text, (one) => one.charCodeAt(0))));
  terminal.onResize(({ cols, rows }) => inside.resize({ columns: cols, rows }));
  for await (const bytes of inside.output) terminal.write(bytes);
}

function startTerminal(host: HTMLElement): { terminal: Terminal; close: () => void } {
  const terminal = new Terminal({
    fontFamily: getComputedStyle(host).getPropertyValue("--mono"),
    fontSize: 13,
    cursorBlink: true,
    scrollback: 5_000,
    theme: terminalTheme(),
    documentOverride: sheetDocument(),
    // A link of a stranger opens only where it says, and only on the web.
    linkHandler: {
      activate: (_, address) => {
        if (/^https?:\/\//i.test(address) && confirm(`Open ${address}?`))
          open(address, "_blank", "noopener,noreferrer");
      },
    },
  });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  terminal.open(host);
  fit.fit();
  terminal.focus();
  const observer = new ResizeObserver(() => fit.fit());
  observer.observe(host);
  return {
    terminal,
    close: () => {
      observer.disconnect();
      terminal.dispose();
    },
  };
}
