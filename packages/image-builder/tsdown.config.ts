import { library } from "../../tooling/tsdown.ts";

export default library({ index: "src/index.ts", "description/index": "src/description/index.ts" });
