import { type ReactNode, useEffect } from "react";
import { classNames } from "../base/class-names.ts";

interface PageProps {
  readonly title: string;
  /** Beside the title. */
  readonly actions?: ReactNode;
  /** Text below the title. */
  readonly about?: ReactNode;
  /** The page scrolls inside, as a list does. */
  readonly isFixed?: boolean;
  readonly children: ReactNode;
}

/** A page's heading, actions and content. */
export function Page({ title, actions, about, isFixed = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Glovebox`;
  }, [title]);
  return (
    <main className={classNames("page", isFixed && "page--fixed")} id="main" tabIndex={-1}>
      <header className="page__head">
        <div className="grow">
          <h1>{title}</h1>
          {about === undefined ? null : <p className="soft">{about}</p>}
        </div>
        {actions === undefined ? null : <div className="row">{actions}</div>}
      </header>
      {children}
    </main>
  );
}
