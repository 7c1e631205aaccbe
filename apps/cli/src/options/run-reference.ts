/** What the help of every command calls the argument that names a run. */
export const runReference = "a run: its name in ps, the start or end of its id, or 1 for the newest";
