import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repositoryRoot } from "../published-directories.ts";

/**
 * Calls that wait for a pipe, read a device without an end, or spin where no directory can be made. Paths that a
 * stranger may have shaped are read and made by `@glovebox/core/host-files`.
 */
const raw =
  /(?<![.#\w]|function )(?:(?:readFile|readFileSync|createReadStream|copyFile|copyFileSync|cp|cpSync)\(|mkdir(?:Sync)?\([^;]*recursive: true)/;

/** What nobody else shapes: files of the package itself, of the kernel, and in a directory that was just made. */
const allowed = new Map([
  ["apps/cli/src/built-in.ts", "a file of the package"],
  ["apps/cli/src/config/change-user-config.ts", "a file of the package"],
  ["apps/cli/src/remote/run-mirror.ts", "the state directory's own"],
  ["apps/server/src/dashboard/dashboard-routes.ts", "a file of the package"],
  ["apps/server/src/dashboard/read-assets.ts", "a file of the package"],
  ["apps/server/src/version.ts", "a file of the package"],
  ["apps/server/src/worker/carried-run.ts", "the state directory's own"],
  ["apps/server/src/worker/rebuild-journal.ts", "the state directory's own"],
  ["apps/server/src/worker/store-files.ts", "a file that was just written"],
  ["packages/components/src/sources/archive-source.ts", "a copy that was just made"],
  ["packages/core/src/files/baseline/share-baseline.ts", "the state directory's own"],
  ["packages/core/src/files/extract/extraction-directory.ts", "a file that was just written"],
  ["packages/core/src/node-version/check-node-version.ts", "a file of the package"],
  ["packages/core/src/state/directory-lock.ts", "a lock of its own that is held"],
  ["packages/core/src/state/host-process.ts", "the kernel's"],
  ["packages/e2b-gateway/src/envd-file.ts", "a file of the package"],
  ["packages/e2b-gateway/src/templates/build-directory.ts", "a directory that was just made"],
  ["packages/e2b-gateway/src/templates/uploaded-link.ts", "an upload that the gateway wrote"],
  ["packages/image-builder/src/base/add-node.ts", "a directory that was just made"],
  ["packages/image-builder/src/base/debootstrap.ts", "a directory that was just made"],
  ["packages/image-builder/src/image/image-recipe.ts", "a file of the package"],
  ["packages/image-builder/src/shipped-file.ts", "a file of the package"],
  ["packages/provider-cloudflare/src/commands/local/interceptor-image.ts", "files of the package"],
  ["packages/provider-cloudflare/src/commands/project/project-files.ts", "files of the package"],
  ["packages/provider-cloudflare/src/commands/wrangler/run-wrangler.ts", "a directory that was just made"],
  ["packages/provider-docker/src/engine/install-engine.ts", "the kernel's"],
  ["packages/provider-e2b/src/supervisor/set-up-sandbox.ts", "a file of the package"],
  ["packages/provider-kit/src/local/close-inherited.ts", "runs in a sandbox"],
  ["packages/provider-kit/src/local/hard-limit.ts", "the kernel's"],
  ["packages/provider-kit/src/local/install-layers.ts", "a directory that was just made"],
  ["packages/provider-kit/src/local/local-sandbox.ts", "a state directory that only its user may enter"],
  ["packages/provider-kit/src/local/local-store.ts", "a state directory that only its user may enter"],
  ["packages/provider-kit/src/local/user-namespace.ts", "the kernel's, and root's"],
  ["packages/store/src/blobs/disk-blobs.ts", "the state directory's own"],
]);

const sources = globSync(["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"], { cwd: repositoryRoot })
  // Without what runs inside a sandbox, what only tests use, and the helper itself.
  .filter(
    (path) =>
      !/\.test\.ts$|\/guest\/|\/host-files\/|packages\/(?:harness-testkit|provider-testkit|scripted-model)\//.test(
        path,
      ),
  )
  .sort();

it("files that others may have shaped are read and made by the guarded helper", () => {
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.filter((file) => raw.test(readFileSync(join(repositoryRoot, file), "utf8")))).toEqual(
    [...allowed.keys()].sort(),
  );
});
