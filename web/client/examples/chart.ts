/**
 * One chart from the API document alone: signs in, asks for the revenue of each vendor and draws it.
 *
 *     API=http://127.0.0.1:8080 EMAIL=… PASSWORD=… node examples/chart.ts
 */
import { Refused, shelfline } from "../src/client.ts";

const { API = "http://127.0.0.1:8080", EMAIL = "", PASSWORD = "" } = process.env;
let token: string | undefined;
const api = shelfline({ baseUrl: API, token: () => token });

const session = await api.POST("/v1/auth/login", { body: { email: EMAIL, password: PASSWORD } });
if (session.data && "access_token" in session.data) token = session.data.access_token;

const query = { by: ["vendor" as const], metric: ["revenue_eur" as const] };
const { data: answer } = await api.GET("/v1/analytics/breakdown", { params: { query } });
// With `format` it would be a file.
const revenue = typeof answer === "object" ? answer : undefined;
const bars = (revenue?.data ?? []).map((row) => ({
  name: String(row["vendor_name"] ?? row["vendor"]),
  euro: Number(row.revenue_eur ?? 0),
}));
const longest = Math.max(1, ...bars.map((bar) => bar.euro));
for (const { name, euro } of bars) {
  console.log(`${name.padEnd(24)} ${"█".repeat(Math.round((40 * Math.max(0, euro)) / longest))} ${euro.toFixed(2)} EUR`);
}
console.log(`total ${revenue?.total.revenue_eur} EUR of ${bars.length} vendors`);

try {
  // The types forbid it; a stranger might send it all the same.
  await api.GET("/v1/analytics/breakdown", { params: { query: { by: ["moon" as "vendor"] } } });
  throw new Error("an unknown dimension was not refused");
} catch (error) {
  if (!(error instanceof Refused) || error.problem.code !== "invalid_query") throw error;
}
