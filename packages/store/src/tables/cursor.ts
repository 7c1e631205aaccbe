import { InvalidOptionsError } from "@glovebox/core/provider";
import type { Page, PageOptions } from "../records/page.ts";

const defaultLimit = 50;
const mostPerPage = 500;

/** Where the next page of a list begins: after this record, in the order of time and id. */
export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

/** The number of records of a page. Throws `invalid-options` if it is not one. */
export function pageLimit({ limit = defaultLimit }: PageOptions): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= mostPerPage) return limit;
  throw new InvalidOptionsError(`limit must be a whole number from 1 to ${mostPerPage}`);
}

/** Throws `invalid-options` for a text that no page had as its `nextCursor`. */
export function readCursor({ cursor }: PageOptions): Cursor | undefined {
  if (cursor === undefined) return undefined;
  const [ms = "", ...id] = Buffer.from(cursor, "base64url").toString("utf8").split(" ");
  const at = new Date(/^\d{1,15}$/.test(ms) ? Number(ms) : Number.NaN);
  if (Number.isNaN(at.getTime()) || id.length !== 1 || id[0] === undefined || id[0].includes("\0")) {
    throw new InvalidOptionsError("The cursor is not one of this list");
  }
  return { at, id: id[0] };
}

/** A page of records, of which one more than its limit was read. */
export function pageOf<T>(records: readonly T[], limit: number, cursorOf: (record: T) => Cursor): Page<T> {
  const items = records.slice(0, limit);
  const last = items.at(-1);
  if (records.length <= limit || last === undefined) return { items };
  const { at, id } = cursorOf(last);
  return { items, nextCursor: Buffer.from(`${at.getTime()} ${id}`).toString("base64url") };
}
