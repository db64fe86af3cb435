// From what the control listener says of a provider, and its document, to requests that a page can send. Nothing here
// knows a provider. Values are those that the document shows; an operation for which it shows too few is left out,
// with the reason, and so is one that wants a cookie, which a page cannot send across origins by hand.

// What is asked of each document: one operation of each row, the first that can be.
const KINDS = [
  { kind: "read", actions: ["list", "read"] },
  { kind: "create", actions: ["create"] },
  { kind: "change", actions: ["update", "replace", "delete"] },
];

/** The requests of a provider, a refused one last; and the reasons why others are not there. */
export function requestsOf(provider, document) {
  const requests = [];
  const left = [];
  for (const { kind, actions } of KINDS) {
    const why = [];
    const candidates = provider.operations.filter((operation) => actions.includes(operation.action));
    const found = candidates.map((operation) => attempt(() => request(provider, document, operation), why)).find(Boolean);
    if (found) requests.push({ kind, ...found });
    else left.push(`no ${kind}: ${why[0] ?? "no operation does that"}`);
  }
  const guarded = requests.find(({ wrong }) => wrong);
  if (guarded) requests.push({ ...guarded, kind: "refused", headers: guarded.wrong });
  else left.push("no refusal: no request above has credentials in a header");
  return { requests, left };
}

function attempt(make, why) {
  try {
    return make();
  } catch (error) {
    why.push(error.message);
  }
}

function request(provider, document, { id, method, path }) {
  const resolve = (node) => (node?.$ref ? resolve(lookUp(document, node.$ref)) : node);
  const item = resolve(document.paths[path]);
  const operation = item[method.toLowerCase()];
  // Those of the operation win over those of the path.
  const parameters = new Map();
  for (const parameter of [...(item.parameters ?? []), ...(operation.parameters ?? [])].map(resolve)) {
    parameters.set(`${parameter.in} ${parameter.name}`, parameter);
  }
  const query = new URLSearchParams();
  const headers = {};
  let target = path;
  for (const parameter of [...parameters.values()].filter(({ required }) => required)) {
    const value = shown(resolve, parameter, `\`${id}\` wants \`${parameter.name}\``);
    const values = Array.isArray(value) && parameter.explode !== false ? value : [value];
    if (parameter.in === "path") target = target.replaceAll(`{${parameter.name}}`, encodeURIComponent(value));
    else if (parameter.in === "query") values.forEach((one) => query.append(parameter.name, one));
    else if (parameter.in === "header") headers[parameter.name] = String(value);
    else throw new Error(`\`${id}\` wants the cookie \`${parameter.name}\``);
  }
  const body = bodyOf(resolve, operation, id, headers);
  const sent = credentials(provider, document, operation, id);
  for (const [name, value] of sent.query) query.append(name, value);
  const base = operation.servers?.[0]?.url ?? provider.base_url;
  const search = query.toString() && `?${query}`;
  return {
    id,
    method,
    path,
    url: `${base}${target}${search}`,
    headers: { ...headers, ...sent.headers },
    wrong: sent.wrong && { ...headers, ...sent.wrong },
    body,
    response: (status) => answer(resolve, operation, status),
  };
}

/** The JSON body, when one is required; its media type joins the headers. */
function bodyOf(resolve, operation, id, headers) {
  const body = resolve(operation.requestBody);
  if (!body?.required) return undefined;
  const [type, media] = Object.entries(body.content).find(([type]) => isJson(type)) ?? [];
  if (!type) throw new Error(`\`${id}\` wants a body that is no JSON`);
  headers["content-type"] = type;
  return JSON.stringify(shown(resolve, media, `\`${id}\` wants a body`));
}

/** Headers and query of the first way to prove who one is that a page can go, and the headers that are refused. */
function credentials(provider, document, operation, id) {
  const ways = operation.security ?? document.security ?? [];
  if (ways.length === 0 || ways.some((way) => Object.keys(way).length === 0)) return { headers: {}, query: [] };
  const schemes = document.components.securitySchemes;
  const isSendable = (name) => schemes[name].in !== "cookie" && schemes[name].type !== "mutualTLS";
  const way = ways.map(Object.keys).find((names) => names.every(isSendable));
  if (!way) throw new Error(`\`${id}\` wants credentials that a page cannot send`);
  const sent = { headers: {}, query: [], wrong: {} };
  for (const name of way) {
    const scheme = schemes[name];
    const { example } = provider.credentials.find((credential) => credential.scheme === name);
    const listed = document["x-mock"]?.credentials?.[name]?.invalid?.[0];
    if (scheme.in === "query") {
      sent.query.push([scheme.name, example]);
      continue;
    }
    const [header, written] = inHeader(scheme);
    sent.headers[header] = written(example);
    // A document that lists none as invalid takes every credential, so that only sending none is wrong.
    if (listed !== undefined) sent.wrong[header] = written(listed);
  }
  if (Object.keys(sent.headers).length === 0) sent.wrong = undefined;
  return sent;
}

/** The name of the header, and how a credential is written into it. */
function inHeader(scheme) {
  if (scheme.type === "apiKey") return [scheme.name, (text) => text];
  const word = scheme.type === "http" ? scheme.scheme : "bearer";
  if (word.toLowerCase() === "basic") return ["authorization", (text) => `Basic ${btoa(text)}`];
  return ["authorization", (text) => `${word.toLowerCase() === "bearer" ? "Bearer" : word} ${text}`];
}

/** What the document says of an answer: the headers that it may have, and whether it is JSON. */
function answer(resolve, operation, status) {
  const found = operation.responses[status] ?? operation.responses[`${String(status)[0]}XX`] ?? operation.responses.default;
  const response = resolve(found) ?? {};
  const headers = Object.keys(response.headers ?? {}).map((name) => name.toLowerCase());
  return { headers, json: Object.keys(response.content ?? {}).some(isJson) };
}

function isJson(type) {
  return /^application\/([^;]+\+)?json\b/i.test(type);
}

/** The value that a parameter, a medium or a schema is shown with. */
function shown(resolve, node, what) {
  const value = find(resolve, node);
  if (value === undefined) throw new Error(`${what}, and the document shows none`);
  return value;
}

function find(resolve, node) {
  if (node === undefined) return undefined;
  if (node.example !== undefined) return node.example;
  const examples = Object.values(node.examples ?? {});
  // Of a schema the examples are values, elsewhere they are objects that have them.
  if (examples.length > 0) return Array.isArray(node.examples) ? examples[0] : resolve(examples[0]).value;
  return node.schema ? ofSchema(resolve, resolve(node.schema)) : undefined;
}

function ofSchema(resolve, schema) {
  const said = find(resolve, { example: schema.example, examples: schema.examples }) ?? schema.default ?? schema.const ?? schema.enum?.[0];
  if (said !== undefined || schema.properties === undefined) return said;
  const entries = (schema.required ?? []).map((name) => [name, ofSchema(resolve, resolve(schema.properties[name] ?? {}))]);
  return entries.every(([, value]) => value !== undefined) ? Object.fromEntries(entries) : undefined;
}

/** The node that a reference within the document names. */
function lookUp(document, reference) {
  const steps = reference.replace(/^#\/?/, "").split("/").map((step) => decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~"));
  return steps.reduce((node, step) => node?.[step], document);
}
