import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { supervisorFile } from "@glovebox/supervisor";
import { build, type Plugin } from "esbuild";

const entry = fileURLToPath(new URL("worker/worker.ts", import.meta.url));

/** Embeds the supervisor's bundle as text. */
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

/** Bundles the Worker into one module without dependencies. Resolves to its text. */
export async function bundleWorker(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["@glovebox/source", "workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    legalComments: "none",
    plugins: [supervisorText],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error("The bundler produced no output.");
  return file.text;
}
