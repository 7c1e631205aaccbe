import type { ReactNode, Ref } from "react";

interface ScrollAreaProps {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
  readonly ref?: Ref<HTMLElement>;
  readonly onScroll?: () => void;
}

/** A part of the page that scrolls by itself. It takes the focus, so that keys scroll it too. */
export function ScrollArea({ label, className, children, ref, onScroll }: ScrollAreaProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it, keys alone cannot reach what is out of view
    <section className={className} ref={ref} aria-label={label} tabIndex={0} onScroll={onScroll}>
      {children}
    </section>
  );
}
