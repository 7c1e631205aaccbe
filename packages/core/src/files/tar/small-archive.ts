import { tarEnd, tarHeaderBytes, tarPadding } from "./tar-writer.ts";

/** A handful of files as a tar stream. A path that ends with a slash is a directory. */
export async function* smallArchive(files: ReadonlyMap<string, Buffer | string>): AsyncGenerator<Uint8Array> {
  const pieces: Buffer[] = [];
  const modifiedMs = Date.now();
  for (const [path, content] of files) {
    if (path.endsWith("/")) {
      pieces.push(tarHeaderBytes({ path: path.slice(0, -1), kind: "directory", mode: 0o755, size: 0, modifiedMs }));
      continue;
    }
    const bytes = Buffer.from(content);
    pieces.push(tarHeaderBytes({ path, kind: "file", mode: 0o644, size: bytes.length, modifiedMs }));
    pieces.push(bytes, tarPadding(bytes.length));
  }
  yield Buffer.concat([...pieces, tarEnd]);
}
