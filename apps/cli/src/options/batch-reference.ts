/** What the help of every command calls the argument that names a batch. */
export const batchReference = "a batch: the start or end of its id, or 1 for the newest";
