import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names.ts";

const icons = { red: CircleAlert, amber: TriangleAlert, green: CircleCheck } as const;

interface NoticeProps {
  readonly tone?: keyof typeof icons;
  readonly children: ReactNode;
}

/** A message that stands in the page; an error is announced to screen readers. */
export function Notice({ tone, children }: NoticeProps) {
  const Icon = tone === undefined ? Info : icons[tone];
  return (
    <div className={classNames("notice", tone && `notice--${tone}`)} role={tone === "red" ? "alert" : "note"}>
      <Icon aria-hidden />
      <div className="grow">{children}</div>
    </div>
  );
}
