/** What the help of every command calls the argument that names a run. */
export const runReference = "a run: its name in ps, its id or the start of it, or 1 for the newest";
