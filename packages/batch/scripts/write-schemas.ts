// Writes the JSON Schema of batch files, for editors; with --check, fails when it is stale.
import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { batchFileSchema } from "../src/file/batch-file.ts";

const file = new URL("../schemas/batch-file.schema.json", import.meta.url);
const schema = z.toJSONSchema(batchFileSchema, { io: "input", unrepresentable: "any" });
const text = `${JSON.stringify({ title: "A batch file of Glovebox", ...schema }, null, 2)}\n`;
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  process.stderr.write("batch-file.schema.json is stale: run this script without --check\n");
  process.exitCode = 1;
}
