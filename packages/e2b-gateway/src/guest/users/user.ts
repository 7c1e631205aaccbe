/** A user of the sandbox's system. */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Besides the first one. */
  readonly groups: readonly number[];
  readonly home: string;
}
