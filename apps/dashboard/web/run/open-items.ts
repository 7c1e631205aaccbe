import { createContext, useContext, useMemo, useState } from "react";

export interface OpenItemsValue {
  isOpen(key: string): boolean;
  toggle(key: string): void;
  /** Opens all, or folds all when all are open. */
  toggleAll(): void;
}

const Context = createContext<OpenItemsValue | undefined>(undefined);

/** Which rows are unfolded. It outlives the rows, which come and go as the user scrolls. */
export const OpenItems = Context.Provider;

export function useOpenItems(): OpenItemsValue {
  const [areAllOpen, setAllOpen] = useState(false);
  const [exceptions, setExceptions] = useState<ReadonlySet<string>>(new Set());
  return useMemo(
    () => ({
      isOpen: (key) => exceptions.has(key) !== areAllOpen,
      toggle: (key) => setExceptions((before) => toggled(before, key)),
      toggleAll: () => {
        setAllOpen(!areAllOpen);
        setExceptions(new Set());
      },
    }),
    [areAllOpen, exceptions],
  );
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}

/** Whether a row is unfolded, and what changes that. */
export function useIsOpen(key: string): [boolean, () => void] {
  const items = useContext(Context);
  return [items?.isOpen(key) ?? false, () => items?.toggle(key)];
}
