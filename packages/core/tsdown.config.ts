import { library } from "../../tooling/tsdown.ts";

export default library({
  index: "src/index.ts",
  "provider/index": "src/provider/index.ts",
  "harness/index": "src/harness/index.ts",
});
