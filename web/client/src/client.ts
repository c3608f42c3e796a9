/** The Shelfline API, typed by its own document: paths, parameters, bodies and answers. */
import createClient, { type Client, type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema.d.ts";

/** The types of bodies and answers by name, for example `Schemas["Product"]`. */
export type Schemas = components["schemas"];

/** Why a call was refused (RFC 9457). `code` is stable; `fields` names input at fault. */
export type Problem = Schemas["Problem"];

/** A call that was refused. */
export class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = "Refused";
    this.problem = problem;
  }
}

export interface Options {
  /** Where the API is, for example `https://api.maison.example`. */
  baseUrl: string;
  /** An access token or API key, asked for before each call. Without it the browser's cookies say who calls. */
  token?: () => string | undefined;
}

/** A client that throws `Refused` instead of answering with an error. */
export function shelfline({ baseUrl, token }: Options): Client<paths> {
  const client = createClient<paths>({ baseUrl, credentials: token ? "omit" : "include" });
  const middleware: Middleware = {
    onRequest({ request }) {
      const bearer = token?.();
      if (bearer) request.headers.set("authorization", `Bearer ${bearer}`);
      else if (!token) request.headers.set("x-csrf-token", cookie("__Host-csrf") ?? "");
      return request;
    },
    async onResponse({ response }) {
      const kind = response.headers.get("content-type") ?? "";
      if (kind.startsWith("application/problem+json")) throw new Refused((await response.clone().json()) as Problem);
      return undefined;
    },
  };
  client.use(middleware);
  return client;
}

function cookie(name: string): string | undefined {
  const pairs = typeof document === "undefined" ? [] : document.cookie.split("; ");
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}
