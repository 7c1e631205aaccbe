import type { ReactNode } from "react";

interface SettingsCardProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function SettingsCard({ title, action, children }: SettingsCardProps) {
  return (
    <section className="card">
      <header className="card__head">
        <h2 className="grow">{title}</h2>
        {action}
      </header>
      {children}
    </section>
  );
}
