/** The conformance suite against E2B itself. It creates sandboxes that cost money, so it is opt-in. */
import { testProvider } from "@glovebox/provider-testkit";
import { it } from "vitest";
import { liveOptions } from "./conformance-options.ts";

if (process.env.GLOVEBOX_E2B_LIVE === "1" && process.env.E2B_API_KEY) testProvider(liveOptions());
else {
  it("runs against E2B itself", ({ skip }) => {
    skip("GLOVEBOX_E2B_LIVE=1 and E2B_API_KEY are not set");
  });
}
