// Starts Swagger UI for the document that the page names, with credentials that work.
"use strict";

const entry = JSON.parse(document.getElementById("entry").textContent);
// Documents may call their security schemes alike, so each has credentials of its own.
const kept = `mock-server credentials of ${entry.name}`;

const dark = matchMedia("(prefers-color-scheme: dark)");
const paint = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", paint);
paint();

window.ui = SwaggerUIBundle({
  url: new URL(entry.document, location.href).href,
  dom_id: "#reference",
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [keeping],
  layout: "BaseLayout",
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  requestSnippetsEnabled: true,
  defaultModelsExpandDepth: 0,
  // Nothing is asked of anybody else.
  validatorUrl: null,
  oauth2RedirectUrl: new URL("/reference/oauth2-redirect.html", location.href).href,
  requestInterceptor: (request) => sent(request),
  onComplete: () => {
    fill(window.ui.getSystem());
    authorize(window.ui.getSystem());
  },
});

/** Keeps what a person does to the credentials, and nothing else: those of the document may change. */
function keeping() {
  const keep = (_, system) => () => remember(system.authSelectors.authorized().toJS());
  return { statePlugins: { auth: { wrapActions: { persistAuthorizationIfNeeded: keep } } } };
}

/** Gives credentials for every scheme: those that a person left here, else those that the document shows. */
function authorize(system) {
  const { authActions, specSelectors } = system;
  const left = remembered();
  if (left) {
    authActions.restoreAuthorization({ authorized: left });
    return;
  }
  const schemes = specSelectors.securityDefinitions()?.toJS() ?? {};
  for (const { scheme: name, example } of entry.credentials) {
    const schema = schemes[name];
    if (!schema || !example) continue;
    if (schema.type === "oauth2" || schema.type === "openIdConnect") {
      const token = { access_token: example, token_type: "Bearer" };
      authActions.authorizeOauth2({ auth: { name, schema, flow: Object.keys(schema.flows ?? {})[0] }, token });
      continue;
    }
    const isBasic = schema.type === "http" && /^basic$/i.test(schema.scheme);
    authActions.authorize({ [name]: { name, schema, value: isBasic ? pair(example) : example } });
  }
}

/** Fills in what an operation cannot do without, where the document shows no example: keys of what exists. */
function fill({ specActions }) {
  for (const { at, name, in: place, value } of entry.filled) specActions.changeParam(at, name, place, value, false);
}

function pair(example) {
  const [username, ...password] = example.split(":");
  return { username, password: password.join(":") };
}

/** The request as a page can send it. */
function sent(request) {
  if (request.loadSpec) return request;
  // The control API is where this page is, whatever it was called when the mock started.
  if (entry.control && request.url.startsWith(entry.control)) request.url = location.origin + request.url.slice(entry.control.length);
  // A page may not write this header; hosts share their cookies among ports.
  const cookies = request.headers.Cookie ?? request.headers.cookie;
  if (cookies) {
    for (const cookie of cookies.split(/; ?/)) document.cookie = `${cookie}; path=/; samesite=strict`;
    request.credentials = "include";
  }
  return request;
}

// A browser may be told to keep nothing.
function remember(authorized) {
  try {
    localStorage.setItem(kept, JSON.stringify(authorized));
  } catch {
    // Then they hold until the page is left.
  }
}

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(kept));
  } catch {
    return null;
  }
}
