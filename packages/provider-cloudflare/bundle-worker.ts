import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { supervisorFile } from "@glovebox/supervisor";
import { build, type Plugin } from "esbuild";

const entry = fileURLToPath(new URL("worker/worker.ts", import.meta.url));

/** Puts the supervisor's own bundle in as text. */
const supervisorText: Plugin = {
  name: "supervisor-text",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^virtual:supervisor$/ }, () => ({ path: supervisorFile, namespace: "text" }));
    onLoad({ filter: /.*/, namespace: "text" }, async ({ path }) => ({
      contents: await readFile(path, "utf8"),
      loader: "text",
    }));
  },
};

/** The Worker as one module that needs nothing beside it. Resolves to its text. */
export async function bundleWorker(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    legalComments: "none",
    plugins: [supervisorText],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("The bundler made nothing.");
  return file.text;
}
