import { isUtf8 } from "node:buffer";
import { readArchivePath } from "../files/paths/archive-path.ts";
import { type TarEntry, type TarHandler, TarReader } from "../files/tar/tar-reader.ts";
import { streamHostFile } from "../host-files/read-host-file.ts";

export interface ArchivedConversation {
  /** The texts of the conversation's files, by path. */
  readonly files: ReadonlyMap<string, string>;
  /** Files that are no text, whose secrets nobody could find. */
  readonly leftOut: readonly string[];
}

/** Reads the archive of a run's conversations, which came from a sandbox: only plain files, and only those of one conversation. */
export async function readConversationArchive(
  archive: string,
  isOf: (path: string) => boolean,
): Promise<ArchivedConversation> {
  const collector = new ConversationCollector(isOf);
  const reader = new TarReader(collector);
  for await (const chunk of streamHostFile(archive, { noFollow: true })) reader.push(chunk);
  return { files: collector.files, leftOut: collector.leftOut };
}

class ConversationCollector implements TarHandler {
  readonly files = new Map<string, string>();
  readonly leftOut: string[] = [];
  readonly #isOf: (path: string) => boolean;
  #path: string | undefined;
  #pieces: Buffer[] = [];

  constructor(isOf: (path: string) => boolean) {
    this.#isOf = isOf;
  }

  onEntry({ path, kind }: TarEntry): void {
    const name = readArchivePath(path);
    this.#path = kind === "file" && "path" in name && this.#isOf(name.path) ? name.path : undefined;
    this.#pieces = [];
  }

  onContent(bytes: Buffer): void {
    if (this.#path !== undefined) this.#pieces.push(Buffer.from(bytes));
  }

  onEntryEnd(): void {
    if (this.#path === undefined) return;
    const content = Buffer.concat(this.#pieces);
    if (isUtf8(content)) this.files.set(this.#path, content.toString("utf8"));
    else this.leftOut.push(this.#path);
  }
}
