// Writes the JSON Schema of the server's requests, as published with @glovebox/server; with --check, fails when it is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { runRequestSchema } from "../src/runs/run-request.ts";

const file = new URL("../schemas/run-request.schema.json", import.meta.url);
const schema = { title: "run-request", ...z.toJSONSchema(runRequestSchema, { io: "input" }) };
const text = `${JSON.stringify(schema, null, 2)}\n`;
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  process.stderr.write(
    "run-request.schema.json is stale. Run: node --conditions=@glovebox/source apps/server/scripts/write-schemas.ts\n",
  );
  process.exitCode = 1;
}
