import { library } from "../../tooling/tsdown.ts";

export default { ...library({ index: "src/index.ts" }), clean: ["dist/index.*"] };
