import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Contents by path; a path that ends with `!` is executable. */
export type FolderFiles = Readonly<Record<string, string | Uint8Array>>;

/** A folder that lives as long as the test. */
export class TestFolder implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(files: FolderFiles = {}): Promise<TestFolder> {
    const folder = new TestFolder(await mkdtemp(join(tmpdir(), "glovebox-components-")));
    await folder.write(files);
    return folder;
  }

  async write(files: FolderFiles): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, name.replace(/!$/, ""));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
      if (name.endsWith("!")) await chmod(path, 0o755);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}
