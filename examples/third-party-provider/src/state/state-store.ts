import { createHash, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { SandboxNotFoundError } from "@glovebox/core/provider";
import { SandboxFolder } from "./sandbox-folder.ts";

/** What begins so is being made, and nobody's to look at. */
export const unfinished = ".new-";

/** The state folder: `sandboxes/<id>`, `templates/<digest>`. */
export class StateStore {
  readonly sandboxes: string;
  readonly templates: string;

  constructor(stateDir: string) {
    this.sandboxes = join(stateDir, "sandboxes");
    this.templates = join(stateDir, "templates");
  }

  /** A folder of its own to fill, which nobody sees until {@link StateStore.publish}. */
  stage(parent: string): string {
    mkdirSync(parent, { recursive: true, mode: 0o700 });
    const path = join(parent, `${unfinished}${randomUUID()}`);
    mkdirSync(path, { mode: 0o700 });
    return path;
  }

  /** Gives a filled folder its name. False when the name is taken. */
  publish(staged: string, path: string): boolean {
    try {
      renameSync(staged, path);
      return true;
    } catch (error) {
      if (["ENOTEMPTY", "EEXIST"].includes((error as NodeJS.ErrnoException).code ?? "")) return false;
      throw error;
    }
  }

  /** The same key leads to the same id. */
  idOf(idempotencyKey: string): string {
    return `bw-${createHash("sha256").update(idempotencyKey).digest("hex").slice(0, 32)}`;
  }

  isId(id: string): boolean {
    return typeof id === "string" && /^bw-[0-9a-f]{32}$/.test(id);
  }

  /** Throws `not-found` for what is no id: it becomes a path. */
  folder(id: string): SandboxFolder {
    if (this.isId(id)) return new SandboxFolder(join(this.sandboxes, id));
    throw new SandboxNotFoundError(`${JSON.stringify(String(id).slice(0, 80))} is not the id of a bubblewrap sandbox`, {
      providerId: "bubblewrap",
    });
  }

  ids(): string[] {
    try {
      return readdirSync(this.sandboxes).filter((name) => !name.startsWith(unfinished));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }
}
