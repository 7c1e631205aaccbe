import { useEffect, useRef } from "react";

/** Keys to what they do: `"n"`, `"g r"` for one after the other, `"?"`. */
export type Shortcuts = Readonly<Record<string, () => void>>;

const sequenceMs = 900;

function isTyping(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return element?.closest?.("input, textarea, select, [contenteditable], .xterm, dialog") != null;
}

/** Listens for keys while the component is shown. Keys that are typed into a field are the field's. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  current.current = shortcuts;
  useEffect(() => {
    let before = "";
    let at = 0;
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
      const sequence = Date.now() - at < sequenceMs ? `${before} ${event.key}` : event.key;
      const run = current.current[sequence] ?? current.current[event.key];
      before = event.key;
      at = Date.now();
      if (run === undefined) return;
      event.preventDefault();
      run();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
