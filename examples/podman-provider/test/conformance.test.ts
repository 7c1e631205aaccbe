import { testProvider } from "@glovebox/provider-testkit";
import { conformanceOptions } from "./conformance-options.ts";

/** What this provider's own code decides, and a part of the rest. certify.ts runs everything. */
const only = [
  "life/",
  "errors/",
  "capabilities/",
  "egress/",
  "optional/pause",
  "optional/endpoint",
  "process/output",
  "process/both-ways",
  "process/kill",
  "process/abort-kills",
  "process/background",
  "files/keeps-archives",
  "files/full-disk",
];

testProvider({ ...conformanceOptions, only, limits: { outputBytes: 20_000_000 } });
