import { createRoute, z } from "@hono/zod-openapi";
import { sessionMethodsSchema, sessionRequestSchema, sessionSchema } from "../schemas/session.ts";
import { newTokenRequestSchema, newTokenSchema, tokenListSchema } from "../schemas/token.ts";
import { meSchema, newUserSchema, userChangeSchema, userListSchema, userSchema } from "../schemas/user.ts";
import { idParam, json, jsonBody, noContent, problems } from "./endpoint-parts.ts";

const tags = ["Access"];

export const getMeEndpoint = createRoute({
  method: "get",
  path: "/v1/me",
  operationId: "getMe",
  summary: "Get the user or the share link that the request comes from",
  tags,
  responses: { 200: json(meSchema, "Who is asking"), ...problems },
});

export const listUsersEndpoint = createRoute({
  method: "get",
  path: "/v1/users",
  operationId: "listUsers",
  summary: "List users",
  tags,
  responses: { 200: json(userListSchema, "The users"), ...problems },
});

export const createUserEndpoint = createRoute({
  method: "post",
  path: "/v1/users",
  operationId: "createUser",
  summary: "Add a user",
  description: "For admins. Give the user a token, or an OIDC subject.",
  tags,
  request: { body: jsonBody(newUserSchema) },
  responses: { 201: json(userSchema, "The user"), ...problems },
});

export const changeUserEndpoint = createRoute({
  method: "patch",
  path: "/v1/users/{id}",
  operationId: "changeUser",
  summary: "Change or disable a user",
  tags,
  request: { params: idParam, body: jsonBody(userChangeSchema) },
  responses: { 200: json(userSchema, "The user"), ...problems },
});

export const listTokensEndpoint = createRoute({
  method: "get",
  path: "/v1/tokens",
  operationId: "listTokens",
  summary: "List your tokens",
  description: "Admins may name a user, or `all`.",
  tags,
  request: { query: z.object({ user: z.string().max(200).optional() }) },
  responses: { 200: json(tokenListSchema, "The tokens"), ...problems },
});

export const createTokenEndpoint = createRoute({
  method: "post",
  path: "/v1/tokens",
  operationId: "createToken",
  summary: "Create a token",
  description: "Its text is in this response and nowhere else.",
  tags,
  request: { body: jsonBody(newTokenRequestSchema) },
  responses: { 201: json(newTokenSchema, "The token"), ...problems },
});

export const revokeTokenEndpoint = createRoute({
  method: "delete",
  path: "/v1/tokens/{id}",
  operationId: "revokeToken",
  summary: "Revoke a token",
  tags,
  request: { params: idParam },
  responses: { 204: noContent, ...problems },
});

export const createSessionEndpoint = createRoute({
  method: "post",
  path: "/v1/session",
  operationId: "createSession",
  summary: "Sign in",
  description: "Sets the session's cookie.",
  tags,
  security: [],
  request: { body: jsonBody(sessionRequestSchema) },
  responses: { 201: json(sessionSchema, "The session"), ...problems },
});

export const deleteSessionEndpoint = createRoute({
  method: "delete",
  path: "/v1/session",
  operationId: "deleteSession",
  summary: "Sign out",
  tags,
  responses: { 204: noContent, ...problems },
});

export const getSessionMethodsEndpoint = createRoute({
  method: "get",
  path: "/v1/session/methods",
  operationId: "getSessionMethods",
  summary: "List the ways to sign in",
  tags,
  security: [],
  responses: { 200: json(sessionMethodsSchema, "The ways"), ...problems },
});
