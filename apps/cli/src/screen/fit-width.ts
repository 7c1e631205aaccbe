import truncatedWidth from "fast-string-truncated-width";

/** The columns that a text takes on a terminal: wide characters take two, combining ones none. */
export function textWidth(text: string): number {
  return truncatedWidth(text).width;
}

/** A text of at most `width` columns; one that is cut ends with `…`. */
export function fitWidth(text: string, width: number): string {
  const { index, truncated } = truncatedWidth(text, { limit: Math.max(1, width), ellipsis: "…", ellipsisWidth: 1 });
  return truncated ? `${text.slice(0, index)}…` : text;
}
