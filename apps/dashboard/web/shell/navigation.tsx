import { ChartColumn, CirclePlay, Grid3x3, type LucideIcon, Plus, ScrollText, Settings } from "lucide-react";
import { Link, useLocation } from "wouter";
import { classNames } from "../base/class-names.ts";
import { type Role, useMe } from "../data/me.ts";

interface Place {
  readonly text: string;
  readonly href: string;
  readonly icon: LucideIcon;
  readonly isCurrent: (location: string) => boolean;
  readonly roles?: readonly Role[];
}

const below =
  (path: string) =>
  (location: string): boolean =>
    location === path || location.startsWith(`${path}/`);

const places: readonly Place[] = [
  { text: "Runs", href: "/", icon: CirclePlay, isCurrent: (at) => at === "/" || at.startsWith("/runs") },
  { text: "Batches", href: "/batches", icon: Grid3x3, isCurrent: below("/batches") },
  { text: "Cost", href: "/cost", icon: ChartColumn, isCurrent: below("/cost") },
  { text: "Audit", href: "/audit", icon: ScrollText, isCurrent: below("/audit"), roles: ["admin"] },
  { text: "Settings", href: "/settings", icon: Settings, isCurrent: below("/settings") },
];

/** The places of the app: a column beside the page, on a telephone a row below it. */
export function Navigation() {
  const [location] = useLocation();
  const { role } = useMe();
  return (
    <nav className="navigation" aria-label="Main">
      <Link href="/" className="navigation__brand">
        <img src={new URL("../icon.svg", import.meta.url).href} alt="" width={22} height={22} />
        <span>Glovebox</span>
      </Link>
      {role === "viewer" ? null : (
        <Link
          href="/new"
          className="button button--primary navigation__new"
          aria-label="New run"
          aria-current={location === "/new" ? "page" : undefined}
        >
          <Plus aria-hidden />
          <span>New run</span>
        </Link>
      )}
      <ul>
        {places
          .filter(({ roles }) => roles === undefined || roles.includes(role))
          .map(({ text, href, icon: Icon, isCurrent }) => (
            <li key={href}>
              <Link
                href={href}
                className={classNames("navigation__place", isCurrent(location) && "navigation__place--current")}
                aria-current={isCurrent(location) ? "page" : undefined}
              >
                <Icon aria-hidden />
                <span>{text}</span>
              </Link>
            </li>
          ))}
      </ul>
      <Account />
    </nav>
  );
}

function Account() {
  const { user, role } = useMe();
  return (
    <div className="navigation__account">
      <span className="avatar" aria-hidden>
        {user.name.slice(0, 1).toUpperCase()}
      </span>
      <div className="grow">
        <div className="cut">{user.name}</div>
        <div className="faint">{role}</div>
      </div>
      <kbd title="Press ? for shortcuts">?</kbd>
    </div>
  );
}
