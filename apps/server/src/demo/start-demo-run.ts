import { SandboxError } from "@glovebox/core/provider";
import type { RunningServer } from "../start-server.ts";

const prompt =
  "Build a small, good-looking web page about a glovebox, the sealed cabinet of a laboratory: index.html with a style.css " +
  "beside it, no other dependency. Keep it short, check that the files are there, and end with one sentence.";

/** Starts the run that a demo shows, as a client of the server would. Returns its id. */
export async function startDemoRun({ url, keys }: RunningServer): Promise<string> {
  const [key] = keys.secrets;
  const response = await fetch(`${url}/v1/runs`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${key?.reveal() ?? ""}`,
      "content-type": "application/json",
      // A demo that is started again shows the same run.
      "idempotency-key": "demo",
    },
    body: JSON.stringify({ prompt, name: "Demo", labels: { demo: "true" } }),
  });
  const body = (await response.json()) as { readonly id?: string; readonly detail?: string };
  if (response.ok && body.id !== undefined) return body.id;
  throw new SandboxError("internal", `The demo run could not be started: ${body.detail ?? response.status}`);
}
