/** A record whose moments are texts. */
export type IsoTimes<T> = {
  [K in keyof T]: T[K] extends Date ? string : T[K] extends Date | undefined ? string | undefined : T[K];
};

/** Returns a record with its moments as ISO 8601 in UTC. */
export function isoTimes<T extends object>(record: T): IsoTimes<T> {
  const entries = Object.entries(record).map(([name, value]) => [
    name,
    value instanceof Date ? value.toISOString() : value,
  ]);
  return Object.fromEntries(entries) as IsoTimes<T>;
}
