/** Joins the names that are set: `classNames("button", isSmall && "button--small")`. */
export function classNames(...names: readonly (string | false | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
