import { testProvider } from "@glovebox/provider-testkit";
import { afterAll } from "vitest";
import { conformanceOptions, removeState } from "./conformance-options.ts";

afterAll(removeState);

// Smaller than the defaults, which move a GiB: the command `glovebox certify` uses those.
testProvider({ ...conformanceOptions, limits: { largeFileBytes: 64 * 1024 ** 2, outputBytes: 20_000_000 } });
