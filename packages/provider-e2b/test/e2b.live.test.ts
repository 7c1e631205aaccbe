/** The conformance suite against E2B itself. It makes sandboxes that cost money, so that a person has to ask for it. */
import { testProvider } from "@glovebox/provider-testkit";
import { it } from "vitest";
import { liveOptions } from "./conformance-options.ts";

if (process.env.GLOVEBOX_E2B_LIVE === "1" && process.env.E2B_API_KEY) testProvider(liveOptions());
else {
  it("is tried against E2B itself", ({ skip }) => {
    skip("GLOVEBOX_E2B_LIVE=1 and E2B_API_KEY were not given");
  });
}
