import {
  type Catalog,
  type ComponentKind,
  type ComponentPlan,
  emptyLock,
  openCatalogs,
  type PlanOptions,
  parseRequests,
  parseSource,
  planComponents,
} from "../src/index.ts";
import { type DirectoryFiles, TestDirectory } from "./catalog-directory.ts";
import { sampleCatalog } from "./sample-catalog.ts";

type Names = Readonly<Partial<Record<ComponentKind, readonly string[]>>>;

/** The sample catalog, opened as the source `sample`, and plans made from it. */
export class OpenSample implements AsyncDisposable {
  readonly cache: TestDirectory;
  readonly directory: TestDirectory;
  readonly catalogs: readonly Catalog[];

  private constructor(directory: TestDirectory, cache: TestDirectory, catalogs: readonly Catalog[]) {
    this.directory = directory;
    this.cache = cache;
    this.catalogs = catalogs;
  }

  static async create(files: DirectoryFiles = sampleCatalog): Promise<OpenSample> {
    const directory = await TestDirectory.create(files);
    const cache = await TestDirectory.create();
    try {
      const spec = parseSource(`sample=${directory.path}`, "/");
      return new OpenSample(directory, cache, await openCatalogs([spec], { cacheDir: cache.path }));
    } catch (error) {
      await Promise.all([directory[Symbol.asyncDispose](), cache[Symbol.asyncDispose]()]);
      throw error;
    }
  }

  plan(names: Names, options: Partial<PlanOptions> = {}): Promise<ComponentPlan> {
    return planComponents({
      requests: parseRequests(names),
      catalogs: this.catalogs,
      lock: emptyLock,
      existing: { read: async () => undefined },
      cwd: this.directory.path,
      context: { cacheDir: this.cache.path },
      ...options,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.directory[Symbol.asyncDispose]();
    await this.cache[Symbol.asyncDispose]();
  }
}

export function fileText(plan: ComponentPlan, path: string): string {
  const file = plan.files.find((item) => item.path === path);
  if (file === undefined) throw new Error(`The plan has no ${path}: ${plan.files.map((item) => item.path).join(", ")}`);
  return Buffer.from(file.bytes).toString("utf8");
}

export function fileJson(plan: ComponentPlan, path: string): Record<string, unknown> {
  return JSON.parse(fileText(plan, path)) as Record<string, unknown>;
}
