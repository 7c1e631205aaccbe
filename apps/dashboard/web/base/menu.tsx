import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button } from "./button.tsx";
import { classNames } from "./class-names.ts";

export interface MenuItem {
  readonly text: string;
  readonly icon?: ReactNode;
  readonly isDanger?: boolean;
  /** An address to go to or to download; otherwise `onSelect` is called. */
  readonly href?: string;
  readonly download?: boolean;
  readonly onSelect?: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly items: readonly MenuItem[];
  readonly text?: string;
}

/** A button that opens a list of actions. Arrow keys move in it, Escape closes it. */
export function Menu({ label, icon, items, text }: MenuProps) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  useCloseOutside(root, isOpen, () => setOpen(false));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys of the menu are heard where they bubble to
    <div className="menu" ref={root} onKeyDown={(event) => moveFocus(event, root.current, () => setOpen(false))}>
      <Button
        icon={icon}
        {...(text === undefined ? { label } : {})}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        {text}
      </Button>
      {isOpen ? (
        <div className="menu__list" role="menu" id={id} aria-label={label}>
          {items.map((item) => (
            <Item key={item.text} item={item} onDone={() => setOpen(false)} />
          ))}
        </div>
      ) : null}
    </div>
  );
}

function Item({ item, onDone }: { item: MenuItem; onDone: () => void }) {
  const className = classNames("menu__item", item.isDanger === true && "menu__item--danger");
  if (item.href !== undefined) {
    return (
      <a role="menuitem" className={className} href={item.href} download={item.download} onClick={onDone}>
        {item.icon}
        {item.text}
      </a>
    );
  }
  const select = (): void => {
    onDone();
    item.onSelect?.();
  };
  return (
    <button role="menuitem" type="button" className={className} onClick={select}>
      {item.icon}
      {item.text}
    </button>
  );
}

function useCloseOutside(root: React.RefObject<HTMLDivElement | null>, isOpen: boolean, close: () => void): void {
  useEffect(() => {
    if (!isOpen) return;
    const onPointer = (event: PointerEvent): void => {
      if (!root.current?.contains(event.target as Node)) close();
    };
    document.addEventListener("pointerdown", onPointer);
    return () => document.removeEventListener("pointerdown", onPointer);
  });
}

function moveFocus(event: React.KeyboardEvent, root: HTMLElement | null, close: () => void): void {
  const items = [...(root?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
  if (items.length === 0) return;
  if (event.key === "Escape") {
    event.stopPropagation();
    close();
    root?.querySelector("button")?.focus();
  }
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const at = items.indexOf(document.activeElement as HTMLElement);
  items.at((at + step + items.length) % items.length)?.focus();
}
