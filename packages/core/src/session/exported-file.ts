import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { InvalidOptionsError } from "../errors/index.ts";
import { streamHostFile } from "../host-files/read-host-file.ts";
import { safeName } from "../text/safe-name.ts";
import { maskText } from "./mask-texts.ts";
import type { SecretFinding, SecretScanner } from "./secret-scanner.ts";

/** What a file of the workspace is exported as. */
export interface ExportedFile {
  readonly size: number;
  readonly sha256: string;
  /** Absent: as it is on the disk. */
  readonly content?: Buffer;
  /** How many secrets were taken out. */
  readonly masked: number;
}

/** A secret in a file, or in its name. */
export interface SecretInFile {
  readonly path: string;
  /** 0: in its name. */
  readonly line: number;
  readonly name: string;
  readonly isKnown: boolean;
}

export interface ExportFileOptions {
  readonly directory: string;
  readonly path: string;
  readonly scanner: SecretScanner;
  /** Takes secrets out instead of reporting them. */
  readonly redact: boolean;
}

const pieceBytes = 4 * 1024 * 1024;
/** A secret that lies across two pieces is whole in one of them. */
const overlapBytes = 64 * 1024;
/** What is taken out of a file is taken out in memory. */
const mostRedactedBytes = 64 * 1024 * 1024;

/** Looks for secrets in a file, and describes what is exported of it: `undefined` where that is to be left out. */
export async function exportFile(
  options: ExportFileOptions,
): Promise<{ readonly file?: ExportedFile; readonly found: readonly SecretInFile[] }> {
  const { path, scanner, redact } = options;
  const inName = (await scanner.scan(path)).map(({ name, isKnown }) => ({ path, line: 0, name, isKnown }));
  const read = await readThrough(options);
  const found = [...inName, ...read.found];
  if (found.length === 0 || !redact) return { file: { ...read, masked: 0 }, found };
  if (inName.length > 0 || read.size > mostRedactedBytes) return { found };
  const bytes = await readWhole(options);
  if (!isUtf8(bytes)) return { found };
  const { text, count } = await maskText(bytes.toString("utf8"), scanner);
  const content = Buffer.from(text);
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { file: { size: content.length, sha256, content, masked: count }, found: [] };
}

interface Read {
  readonly size: number;
  readonly sha256: string;
  readonly found: readonly SecretInFile[];
}

async function readThrough({ directory, path, scanner }: ExportFileOptions): Promise<Read> {
  const hash = createHash("sha256");
  const found = new Map<string, SecretInFile>();
  let size = 0;
  let line = 1;
  let pending: Buffer = Buffer.alloc(0);
  const scanPiece = async (piece: Buffer, keep: number) => {
    for (const text of textsOf(piece)) {
      for (const finding of await scanner.scan(text)) {
        const at = line + countLines(text, finding);
        found.set(`${at} ${finding.name}`, { path, line: at, name: finding.name, isKnown: finding.isKnown });
      }
    }
    for (const byte of piece.subarray(0, piece.length - keep)) if (byte === 0x0a) line += 1;
  };
  for await (const chunk of streamHostFile(join(directory, path), { noFollow: true })) {
    hash.update(chunk);
    size += chunk.length;
    pending = Buffer.concat([pending, chunk]);
    if (pending.length < pieceBytes) continue;
    await scanPiece(pending, overlapBytes);
    pending = Buffer.from(pending.subarray(pending.length - overlapBytes));
  }
  await scanPiece(pending, 0);
  return { size, sha256: hash.digest("hex"), found: [...found.values()] };
}

/** The bytes as a text, and what else they could be: UTF-16 has a zero in every second byte of what would be found. */
function* textsOf(piece: Buffer): Generator<string> {
  // A piece may begin or end within a character: each byte as a character finds what is ASCII, as all of it is.
  yield isUtf8(piece) ? piece.toString("utf8") : piece.toString("latin1");
  if (!piece.includes(0)) return;
  yield piece.toString("utf16le");
  yield piece.subarray(1).toString("utf16le");
}

function countLines(text: string, { start }: SecretFinding): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < start; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

async function readWhole({ directory, path }: ExportFileOptions): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const chunk of streamHostFile(join(directory, path), { noFollow: true })) pieces.push(chunk);
  return Buffer.concat(pieces);
}

/** The content of a file as it was described. Throws where the disk has something else by now. */
export async function* contentOf(directory: string, path: string, file: ExportedFile): AsyncGenerator<Buffer> {
  if (file.content !== undefined) {
    yield file.content;
    return;
  }
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of streamHostFile(join(directory, path), { noFollow: true })) {
    size += chunk.length;
    hash.update(chunk);
    if (size <= file.size) yield chunk;
  }
  if (size === file.size && hash.digest("hex") === file.sha256) return;
  throw new InvalidOptionsError(`${safeName(path)} changed while it was exported`, { hint: "Try again." });
}
