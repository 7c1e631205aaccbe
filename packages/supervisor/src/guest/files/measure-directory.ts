import { type Dirent, lstatSync, readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { excludeRule } from "../../protocol/exclude-rule.ts";
import { decodeUtf8 } from "./utf8-name.ts";

/** What an entry costs besides its content, as the number of bytes of content that take the same time. */
const entryBytes = 16 * 1024;

/**
 * How many entries an archive of the directory would have, where something that reads the container's own disk as root can
 * make the same archive in less time. Undefined where it cannot: when the directory is no larger than `aboveBytes`, or less
 * than what is left out of it; when another file system is mounted there; when it holds what an archive has to name
 * (sockets, names that are no text, directories that the user cannot read) or a file that is linked twice.
 */
export function measureDirectory(
  directory: string,
  exclude: readonly string[],
  aboveBytes: number,
): number | undefined {
  try {
    const wanted = new DirectorySize(directory, { strict: true, excluded: excludeRule(exclude) });
    wanted.directory("");
    if (wanted.bytes <= aboveBytes || realpathSync(directory) !== directory || !isOnOneDisk(directory))
      return undefined;
    const leftOut = new DirectorySize(directory, { strict: false, maxBytes: wanted.bytes });
    for (const [path, entry] of wanted.leftOut) leftOut.entry(path, entry);
    return wanted.entries;
  } catch {
    // Packing the directory reports what went wrong.
    return undefined;
  }
}

interface DirectorySizeOptions {
  /** Whether everything must be something that each kind of archive holds alike. */
  readonly strict: boolean;
  readonly maxBytes?: number;
  readonly excluded?: (path: string, name: string) => boolean;
}

/** Adds up the sizes in a directory. Throws where the sum would be useless. */
class DirectorySize {
  bytes = 0;
  entries = 0;
  readonly leftOut: [path: string, entry: Dirent<Buffer>][] = [];
  readonly #root: string;
  readonly #options: DirectorySizeOptions;

  constructor(root: string, options: DirectorySizeOptions) {
    this.#root = root;
    this.#options = options;
  }

  directory(path: string): void {
    const entries = readdirSync(`${this.#root}/${path}`, { encoding: "buffer", withFileTypes: true });
    for (const entry of entries) {
      const name = text(entry.name);
      const below = path === "" ? name : `${path}/${name}`;
      if (this.#options.excluded?.(below, name)) this.leftOut.push([below, entry]);
      else this.entry(below, entry);
    }
  }

  entry(path: string, entry: Dirent<Buffer>): void {
    const { strict, maxBytes = Number.POSITIVE_INFINITY } = this.#options;
    const full = `${this.#root}/${path}`;
    this.entries += 1;
    this.bytes += entryBytes;
    if (entry.isFile()) {
      const { size, nlink } = lstatSync(full);
      if (strict && nlink > 1) throw new Error("linked twice");
      this.bytes += size;
    } else if (strict && entry.isSymbolicLink()) {
      text(readlinkSync(full, "buffer"));
    } else if (strict && !entry.isDirectory()) {
      throw new Error("no file, directory or link");
    }
    if (this.bytes > maxBytes) throw new Error("too much");
    if (entry.isDirectory()) this.directory(path);
  }
}

function text(bytes: Buffer): string {
  const decoded = decodeUtf8(bytes);
  if (decoded === undefined) throw new Error("no text");
  return decoded;
}

/** Whether nothing is mounted at the directory, above it or below it, but the container's own disk. */
function isOnOneDisk(directory: string): boolean {
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").trimEnd().split("\n");
  return mounts.every((line) => {
    const place = (line.split(" ")[4] ?? "").replace(/\\(\d{3})/g, (_, octal) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    return place === "/" || !(`${place}/`.startsWith(`${directory}/`) || `${directory}/`.startsWith(`${place}/`));
  });
}
