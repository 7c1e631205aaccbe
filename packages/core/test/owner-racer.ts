import { readOwner } from "../src/run/state/owner.ts";

/** Reads the owner of a state directory at about the same moment as others do. */
const [, , home = "", startAt = "0"] = process.argv;
while (Date.now() < Number(startAt));
console.log(readOwner(home));
