import { posix } from "node:path";
import { type FileInfo, type Sandbox, SandboxError, workspaceDir } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from "ssh2";
import { fileAttributes, longName } from "./file-attributes.ts";
import { SandboxTree } from "./sandbox-tree.ts";
import type { SftpFile } from "./sftp-file.ts";

const { STATUS_CODE } = ssh2.utils.sftp;
const maxHandles = 256;
const entriesAtOnce = 100;

/** What a client has open. */
type Handle = { readonly file: SftpFile } | { readonly entries: FileInfo[] };

/** Serves the files of a sandbox to an SFTP client, as the sandbox's user. A relative path starts from the workspace. */
export function serveSftp(sftp: SFTPWrapper, sandbox: Sandbox): void {
  const session = new SftpSession(sftp, new SandboxTree(sandbox));
  sftp.on("error", () => {
    // A client that breaks the protocol; its connection ends.
  });
  sftp.on("end", () => {
    reportSuccess(sftp);
    sftp.end();
  });
  sftp.on("close", () => void session.close());
  session.listen();
}

/** scp takes a server that ends without an exit status for one that has failed; ssh2 sends one by this way alone. */
function reportSuccess(sftp: SFTPWrapper): void {
  const { _protocol, outgoing } = sftp as unknown as {
    readonly _protocol: { exitStatus(channel: number, code: number): void };
    readonly outgoing: { readonly id: number };
  };
  _protocol.exitStatus(outgoing.id, 0);
}

class SftpSession {
  readonly #sftp: SFTPWrapper;
  readonly #tree: SandboxTree;
  readonly #handles = new Map<number, Handle>();
  #next = 0;

  constructor(sftp: SFTPWrapper, tree: SandboxTree) {
    this.#sftp = sftp;
    this.#tree = tree;
  }

  listen(): void {
    this.#listenForFiles();
    this.#listenForPaths();
  }

  async close(): Promise<void> {
    const open = [...this.#handles.values()];
    this.#handles.clear();
    for (const handle of open) if ("file" in handle) await handle.file.close().catch(() => {});
  }

  #listenForFiles(): void {
    const sftp = this.#sftp;
    const tree = this.#tree;
    sftp.on("OPEN", (id, path, flags, attributes) =>
      this.#answer(id, async () => {
        const file = await tree.open(absolute(path), flags, attributes);
        sftp.handle(id, this.#keep({ file }));
      }),
    );
    sftp.on("READ", (id, handle, offset, length) =>
      this.#answer(id, async () => {
        const bytes = await this.#file(handle).read(offset, length);
        if (bytes === undefined) sftp.status(id, STATUS_CODE.EOF);
        else sftp.data(id, Buffer.from(bytes));
      }),
    );
    this.#on("WRITE", (handle: Buffer, offset: number, data: Buffer) => this.#file(handle).write(offset, data));
    sftp.on("FSTAT", (id, handle) =>
      this.#answer(id, async () => sftp.attrs(id, fileAttributes(await tree.stat(this.#file(handle).path)))),
    );
    this.#on("FSETSTAT", (handle: Buffer, attributes: Attributes) =>
      tree.setAttributes(this.#file(handle), attributes),
    );
    this.#on("CLOSE", async (handle: Buffer) => {
      const found = this.#handle(handle);
      this.#handles.delete(handle.readUInt32BE(0));
      if ("file" in found) await tree.close(found.file);
    });
    sftp.on("OPENDIR", (id, path) =>
      this.#answer(id, async () => {
        const entries = [...(await tree.list(absolute(path)))];
        sftp.handle(id, this.#keep({ entries }));
      }),
    );
    sftp.on("READDIR", (id, handle) =>
      this.#answer(id, async () => {
        const found = this.#handle(handle);
        const some = "entries" in found ? found.entries.splice(0, entriesAtOnce) : [];
        if (some.length === 0) sftp.status(id, STATUS_CODE.EOF);
        else sftp.name(id, some.map(fileEntry));
      }),
    );
  }

  #listenForPaths(): void {
    const sftp = this.#sftp;
    const tree = this.#tree;
    sftp.on("LSTAT", (id, path) =>
      this.#answer(id, async () => sftp.attrs(id, fileAttributes(await statOf(tree, path)))),
    );
    sftp.on("STAT", (id, path) =>
      this.#answer(id, async () => sftp.attrs(id, fileAttributes(await tree.stat(absolute(path))))),
    );
    sftp.on("REALPATH", (id, path) =>
      this.#answer(id, async () =>
        sftp.name(id, [{ filename: absolute(path), longname: "", attrs: {} as Attributes }]),
      ),
    );
    sftp.on("READLINK", (id, path) =>
      this.#answer(id, async () => {
        const { target = "" } = await tree.linkStat(absolute(path));
        sftp.name(id, [{ filename: target, longname: "", attrs: {} as Attributes }]);
      }),
    );
    this.#on("REMOVE", (path: string) => tree.removeFile(absolute(path)));
    this.#on("RMDIR", (path: string) => tree.removeDirectory(absolute(path)));
    this.#on("SETSTAT", (path: string, attributes: Attributes) =>
      tree.setAttributes({ path: absolute(path) }, attributes),
    );
    this.#on("MKDIR", (path: string, attributes: Attributes) => tree.makeDirectory(absolute(path), attributes));
    this.#on("RENAME", (from: string, to: string) => tree.rename(absolute(from), absolute(to)));
    // In this order for OpenSSH's client, which sends them the other way round, as for others.
    this.#on("SYMLINK", (link: string, target: string) => tree.link(target, absolute(link)));
    sftp.on("EXTENDED", (id) => sftp.status(id, STATUS_CODE.OP_UNSUPPORTED));
  }

  /** A request that has no answer but whether it was done. */
  #on<A extends unknown[]>(name: string, work: (...args: A) => Promise<void>): void {
    this.#sftp.on(name, (id: number, ...args: A) =>
      this.#answer(id, async () => {
        await work(...args);
        this.#sftp.status(id, STATUS_CODE.OK);
      }),
    );
  }

  #answer(id: number, work: () => Promise<unknown>): void {
    work().catch((error: unknown) => this.#sftp.status(id, statusOf(error), safeLine((error as Error).message, 300)));
  }

  #keep(handle: Handle): Buffer {
    if (this.#handles.size >= maxHandles) throw new SandboxError("quota", "Too many files are open");
    const id = this.#next++;
    this.#handles.set(id, handle);
    const name = Buffer.alloc(4);
    name.writeUInt32BE(id);
    return name;
  }

  #handle(name: Buffer): Handle {
    const found = name.length === 4 ? this.#handles.get(name.readUInt32BE(0)) : undefined;
    if (found === undefined) throw new SandboxError("invalid-options", "The handle is not open");
    return found;
  }

  #file(name: Buffer): SftpFile {
    const found = this.#handle(name);
    if ("file" in found) return found.file;
    throw new SandboxError("invalid-options", "The handle is that of a directory");
  }
}

/** With a slash at its end, a link is what it leads to. */
function statOf(tree: SandboxTree, path: string): Promise<FileInfo> {
  return path.endsWith("/") ? tree.stat(absolute(path)) : tree.linkStat(absolute(path));
}

function absolute(path: string): string {
  return posix.resolve(workspaceDir, path);
}

function fileEntry(info: FileInfo): FileEntry {
  return { filename: posix.basename(info.path), longname: longName(info), attrs: fileAttributes(info) as Attributes };
}

function statusOf(error: unknown): number {
  if (!SandboxError.isInstance(error)) return STATUS_CODE.FAILURE;
  if (error.code === "not-found") return STATUS_CODE.NO_SUCH_FILE;
  if (error.code === "lost") return STATUS_CODE.CONNECTION_LOST;
  return /permission|denied|not permitted/i.test(error.message) ? STATUS_CODE.PERMISSION_DENIED : STATUS_CODE.FAILURE;
}
