import { library } from "../../tooling/tsdown.ts";

export default library({
  index: "src/index.ts",
  certify: "src/certify/index.ts",
  "other-process": "src/other-process/main.ts",
});
