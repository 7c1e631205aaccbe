import { CircleAlert, CircleCheck } from "lucide-react";
import { useSyncExternalStore } from "react";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isError: boolean;
}

const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let lastId = 0;
const shownForMs = 6_000;

function replace(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

/** Shows a short message for a few seconds. */
export function showToast(text: string, options: { readonly isError?: boolean } = {}): void {
  lastId += 1;
  const toast = { id: lastId, text, isError: options.isError ?? false };
  replace([...toasts, toast]);
  setTimeout(() => replace(toasts.filter(({ id }) => id !== toast.id)), shownForMs);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown.map(({ id, text, isError }) => (
        <div key={id} className="toast">
          {isError ? <CircleAlert color="var(--red)" /> : <CircleCheck color="var(--green)" />}
          <span>{text}</span>
        </div>
      ))}
    </div>
  );
}
