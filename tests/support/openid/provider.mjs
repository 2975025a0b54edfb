// A real OpenID provider (npm's oidc-provider) for tests. Its people, and what it is to get wrong, are set by /control.
// usage: node provider.mjs PORT
import * as jose from "jose";
import { Provider } from "oidc-provider";

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const people = new Map();
const keys = [];
let spoil = null;

// Outlives a change of keys, for which the provider is made anew.
const stored = new Map();
class Memory {
  constructor(kind) {
    this.kind = kind;
  }
  async upsert(id, payload) {
    stored.set(`${this.kind}:${id}`, payload);
  }
  async find(id) {
    return stored.get(`${this.kind}:${id}`);
  }
  async findByUid(uid) {
    return [...stored.entries()].find(([key, each]) => key.startsWith(`${this.kind}:`) && each.uid === uid)?.[1];
  }
  async consume(id) {
    stored.get(`${this.kind}:${id}`).consumed = Math.floor(Date.now() / 1000);
  }
  async destroy(id) {
    stored.delete(`${this.kind}:${id}`);
  }
  async revokeByGrantId(grantId) {
    for (const [key, each] of stored) if (each.grantId === grantId) stored.delete(key);
  }
}

async function newKey() {
  const made = await jose.generateKeyPair("RS256", { extractable: true });
  const jwk = { ...(await jose.exportJWK(made.privateKey)), kid: `key-${keys.length + 1}`, alg: "RS256", use: "sig" };
  keys.push(jwk);
  return jwk;
}

function make() {
  const provider = new Provider(issuer, {
    adapter: Memory,
    jwks: { keys: keys.slice(-1) },
    scopes: ["openid", "email", "groups"],
    claims: { openid: ["sub", "acr", "amr", "auth_time"], email: ["email", "email_verified"], groups: ["groups"] },
    cookies: { keys: ["only for tests"], names: { session: `session-${port}`, interaction: `interaction-${port}` } },
    acrValues: ["urn:test:two"],
    features: {
      devInteractions: { enabled: false },
      backchannelLogout: { enabled: true },
      registration: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = `<!doctype html><title>Sign out</title><main>${form}<button form="op.logoutForm" name="logout" value="yes">Sign out there</button></main>`;
        },
      },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    enableHttpPostMethods: false,
    findAccount: (_ctx, id) => {
      const person = [...people.values()].find((each) => each.sub === id);
      return person && { accountId: id, claims: () => ({ ...person.claims, sub: id }) };
    },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
      grant.addOIDCScope("openid email groups");
      await grant.save();
      return grant;
    },
    // Its own guard against requests to this machine is in the way here: Comity runs on it.
    fetch: (url, { dispatcher, ...options }) => fetch(url, options),
    renderError: (ctx, out) => {
      ctx.body = JSON.stringify(out);
    },
  });
  provider.use(middleware(provider));
  provider.on("backchannel.error", (_ctx, error) => console.error("backchannel", error));
  provider.on("server_error", (_ctx, error) => console.error(error));
  return provider;
}

async function body(ctx) {
  const chunks = [];
  for await (const chunk of ctx.req) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function sign({ header = {}, claims, key = keys.length, secret }) {
  if (header.alg === "none") {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
    return `${part(header)}.${part(claims)}.`;
  }
  const jwk = keys[key - 1];
  const complete = { alg: "RS256", kid: jwk.kid, ...header };
  if (complete.alg.startsWith("HS")) {
    return new jose.SignJWT(claims).setProtectedHeader(complete).sign(new TextEncoder().encode(secret));
  }
  return new jose.SignJWT(claims).setProtectedHeader(complete).sign(await jose.importJWK(jwk, "RS256"));
}

async function control(ctx, what) {
  const given = JSON.parse((await body(ctx)) || "{}");
  if (what === "person") people.set(given.name, given);
  if (what === "spoil") spoil = given.header || given.claims || given.status ? given : null;
  if (what === "sign") return { token: await sign(given) };
  if (what === "rotate") {
    await newKey();
    keep.restart();
  }
  return {};
}

function middleware(provider) {
  return async (ctx, next) => {
    if (ctx.path.startsWith("/control/")) {
      ctx.body = await control(ctx, ctx.path.slice("/control/".length));
      return;
    }
    if (ctx.path.startsWith("/interaction/")) return interaction(provider, ctx);
    await next();
    if (ctx.path === "/token" && ctx.status === 200 && spoil) await spoiled(ctx);
  };
}

async function spoiled(ctx) {
  const wrong = spoil;
  spoil = null;
  const claims = jose.decodeJwt(ctx.body.id_token);
  for (const [name, value] of Object.entries(wrong.claims || {})) {
    if (value === null) delete claims[name];
    else claims[name] = value;
  }
  if (wrong.status) ctx.status = wrong.status;
  ctx.body = { ...ctx.body, id_token: await sign({ ...wrong, claims }) };
}

async function interaction(provider, ctx) {
  if (ctx.method === "GET") {
    ctx.type = "html";
    ctx.body =
      '<!doctype html><title>The ministry</title><main><form method="post"><label>Name <input name="name"></label>' +
      '<button>Sign in here</button></form></main>';
    return;
  }
  const person = people.get(new URLSearchParams(await body(ctx)).get("name"));
  const result = person
    ? { login: { accountId: person.sub, amr: person.amr || ["pwd"], acr: person.acr || undefined } }
    : { error: "access_denied" };
  await provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
  ctx.respond = false;
}

// Keys are read when a provider is made: for new ones, another takes its place at the same address.
const keep = {
  current: null,
  handle: (request, response) => keep.current(request, response),
  restart() {
    keep.current = make().callback();
  },
};

await newKey();
keep.restart();
const { createServer } = await import("node:http");
createServer((request, response) => keep.handle(request, response)).listen(port, "127.0.0.1", () => console.log("ready"));
