import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

export type Tone = "green" | "red" | "amber" | "blue" | "violet";

export function Badge({ tone, children, title }: { tone?: Tone | undefined; children: ReactNode; title?: string }) {
  return (
    <span className={classNames("badge", tone && `badge--${tone}`)} title={title}>
      {children}
    </span>
  );
}
