// Stops the Docker engine, if Glovebox started it. Used by .ci/run.
import { stopEngine } from "../src/index.ts";

await stopEngine();
