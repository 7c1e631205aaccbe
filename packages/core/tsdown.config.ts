import { library } from "../../tooling/tsdown.ts";

export default library({
  index: "src/index.ts",
  "exec/index": "src/exec/index.ts",
  "provider/index": "src/provider/index.ts",
  "host-proxy/index": "src/host-proxy/index.ts",
  "host-certificates/index": "src/host-certificates/index.ts",
  "host-files/index": "src/host-files/index.ts",
  "network/index": "src/network/index.ts",
  "node-version/index": "src/node-version/index.ts",
  "plugin/index": "src/plugin/index.ts",
  "run-config/index": "src/run-config/index.ts",
  "run-settings/index": "src/run-settings/index.ts",
  "harness/index": "src/harness/index.ts",
  "state/index": "src/state/index.ts",
  "text/index": "src/text/index.ts",
});
