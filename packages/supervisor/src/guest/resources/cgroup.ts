import { readFileSync } from "node:fs";

const root = "/sys/fs/cgroup";

/**
 * The control group of this container, version 1 or 2. Where the container sees its own group as the root, as engines set
 * it up, files lie there; else below the path that /proc names.
 */
export class Cgroup {
  readonly #paths: ReadonlyMap<string, string>;

  constructor() {
    const paths = new Map<string, string>();
    for (const line of (readText("/proc/self/cgroup") ?? "").split("\n")) {
      const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
      for (const controller of (controllers ?? "").split(",")) if (path !== undefined) paths.set(controller, path);
    }
    this.#paths = paths;
  }

  /** A file of version 1's controller, or of version 2 when the controller is the empty string. */
  read(controller: string, file: string): string | undefined {
    const path = this.#paths.get(controller) ?? "/";
    const directory = controller === "" ? root : `${root}/${controller}`;
    return readText(`${directory}${path === "/" ? "" : path}/${file}`) ?? readText(`${directory}/${file}`);
  }

  /** A number; undefined when it is not there or says `max`. */
  number(controller: string, file: string): number | undefined {
    return toNumber(this.read(controller, file));
  }

  /** A number behind a name, in a file of such lines. */
  field(controller: string, file: string, name: string): number | undefined {
    const text = this.read(controller, file);
    return toNumber(new RegExp(`^${name} (\\d+)$`, "m").exec(text ?? "")?.[1]);
  }
}

function toNumber(text: string | undefined): number | undefined {
  const trimmed = text?.trim();
  return trimmed === undefined || !/^\d+$/.test(trimmed) ? undefined : Number(trimmed);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // Not there in this version, or not mounted.
    return undefined;
  }
}
