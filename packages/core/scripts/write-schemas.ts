// Writes the JSON Schemas of events and results, as published with @glovebox/core; with --check, fails when they are stale.
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { runEventSchema } from "../src/events/run-event.ts";
import { runResultSchema } from "../src/run/run-result.ts";

const directory = new URL("../schemas/", import.meta.url);
const schemas = { "run-event": runEventSchema, "run-result": runResultSchema };
let stale = false;
for (const [name, schema] of Object.entries(schemas)) {
  const file = new URL(`${name}.schema.json`, directory);
  const text = `${JSON.stringify({ title: name, ...z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) }, null, 2)}\n`;
  if (!process.argv.includes("--check")) writeFileSync(file, text);
  else if (readFileSync(file, "utf8") !== text) {
    stale = true;
    process.stderr.write(`${name}.schema.json is stale: run pnpm schemas\n`);
  }
}
process.exitCode = stale ? 1 : 0;
