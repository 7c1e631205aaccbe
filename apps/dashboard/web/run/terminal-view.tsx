import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";
import { SquareTerminal } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Empty } from "../base/empty.tsx";
import { Notice } from "../base/notice.tsx";
import { openTerminal } from "../data/open-terminal.ts";
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
    const connection = openTerminal(runId, {
      onBytes: (bytes) => opened.terminal.write(bytes),
      onEnd: setEnded,
    });
    const subscriptions = [
      opened.terminal.onData((text) => connection.send(new TextEncoder().encode(text))),
      opened.terminal.onBinary((text) => connection.send(Uint8Array.from(text, (one) => one.charCodeAt(0)))),
      opened.terminal.onResize(({ cols, rows }) => connection.resize(cols, rows)),
    ];
    connection.resize(opened.terminal.cols, opened.terminal.rows);
    return () => {
      for (const subscription of subscriptions) subscription.dispose();
      connection.close();
      opened.close();
    };
  }, [runId]);
  useEffect(() => {
    if (terminal.current !== undefined) terminal.current.options.theme = terminalTheme();
    // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page that the theme has changed
  }, [theme]);
  return (
    <>
      {ended === undefined ? null : <Notice tone="amber">{ended}</Notice>}
      <div className="terminal" ref={host} />
    </>
  );
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
