import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Contents by path; a path that ends with `!` is executable. */
export type DirectoryFiles = Readonly<Record<string, string | Uint8Array>>;

/** A directory that lives as long as the test. */
export class TestDirectory implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(files: DirectoryFiles = {}): Promise<TestDirectory> {
    const directory = new TestDirectory(await mkdtemp(join(tmpdir(), "glovebox-components-")));
    await directory.write(files);
    return directory;
  }

  async write(files: DirectoryFiles): Promise<void> {
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
