// Writes the types of the API from the server's OpenAPI document; with --check, fails when they are stale.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const document = new URL("../../../apps/server/schemas/openapi.json", import.meta.url);
const file = new URL("../src/api-types.ts", import.meta.url);
const head = "// Generated from the server's OpenAPI document by scripts/write-api-types.ts. Do not edit.\n";
const types = astToString(await openapiTS(document, { rootTypes: false }));
const text = `${head}${types.replace("export interface paths", "/** Every path of the API. */\nexport interface paths")}`;
if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  process.stderr.write(
    "api-types.ts is stale. Run: node --conditions=@glovebox/source packages/client/scripts/write-api-types.ts\n",
  );
  process.exitCode = 1;
}
