import { readFileSync } from "node:fs";
import type { User } from "./user.ts";

/** The system's users and groups as they are at this moment: a program inside may add some at any time. */
export class UserDatabase {
  readonly #users = readTable("/etc/passwd");
  readonly #groups = readTable("/etc/group");

  /** By name. */
  find(name: string): User | undefined {
    const entry = this.#users.find(([found]) => found === name);
    const [uid, gid] = [Number(entry?.[2]), Number(entry?.[3])];
    if (entry === undefined || !Number.isInteger(uid) || !Number.isInteger(gid)) return undefined;
    const groups = this.#groups
      .filter((group) => Number(group[2]) !== gid && (group[3] ?? "").split(",").includes(name))
      .map((group) => Number(group[2]));
    return { name, uid, gid, groups, home: entry[5] || "/" };
  }

  /** The number where nobody has that one. */
  userName(uid: number): string {
    return nameOf(this.#users, uid);
  }

  groupName(gid: number): string {
    return nameOf(this.#groups, gid);
  }
}

function nameOf(table: readonly string[][], id: number): string {
  return table.find((entry) => entry[2] === String(id))?.[0] ?? String(id);
}

function readTable(path: string): string[][] {
  try {
    const lines = readFileSync(path, "utf8").split("\n");
    return lines.filter((line) => line.includes(":")).map((line) => line.split(":"));
  } catch {
    // An image without the file has nobody in it.
    return [];
  }
}
