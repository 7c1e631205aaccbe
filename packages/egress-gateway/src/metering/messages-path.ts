/** The path of the Messages API whose requests cost money. */
export const messagesPath = "/v1/messages";
