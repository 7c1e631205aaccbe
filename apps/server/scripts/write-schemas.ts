// Writes the OpenAPI document of the server and the JSON Schema of its run requests, as published with @glovebox/server, and the
// types that @glovebox/client has of them; with --check, fails when one is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "@hono/zod-openapi";
import { openApiDocument } from "../src/api/document.ts";
import { runRequestSchema } from "../src/api/schemas/run-request.ts";

const files: Readonly<Record<string, object>> = {
  "run-request.schema.json": { title: "run-request", ...z.toJSONSchema(runRequestSchema, { io: "input" }) },
  "openapi.json": openApiDocument(),
};
for (const [name, value] of Object.entries(files)) {
  const file = new URL(`../schemas/${name}`, import.meta.url);
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    process.stderr.write(
      `${name} is stale. Run: node --conditions=@glovebox/source apps/server/scripts/write-schemas.ts\n`,
    );
    process.exitCode = 1;
  }
}
