import type { PageOptions } from "@glovebox/store";

/** The page that a query asks for. */
export function pageOptions({
  limit,
  cursor,
}: {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}): PageOptions {
  return { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) };
}
