import type { ReactNode } from "react";

interface SectionProps {
  readonly title: string;
  readonly about?: string;
  readonly children: ReactNode;
}

/** A part of the form. */
export function Section({ title, about, children }: SectionProps) {
  return (
    <fieldset className="start__section">
      <legend>{title}</legend>
      {about === undefined ? null : <p className="field__hint">{about}</p>}
      {children}
    </fieldset>
  );
}
