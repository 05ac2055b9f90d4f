import { PROBLEM_CONTENT_TYPE } from '#shared/api/problem';
import type { Json, OpenApi, OpenApiOperation } from './openapi';

/**
 * The API description as a page to read: plain HTML made from the OpenAPI document, without scripts and without
 * anything loaded from elsewhere.
 */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

/** `code` in the descriptions is marked as in Markdown. */
const prose = (text: string): string => escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

type JsonObject = Readonly<Record<string, Json>>;
const asObject = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value);
const asList = (value: Json | undefined): readonly Json[] => (isList(value) ? value : []);
const asText = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const REF = '#/components/schemas/';

const schemaLink = (ref: string): string => {
  const name = escape(ref.replace(REF, ''));
  return `<a href="#schema-${name}">${name}</a>`;
};

/** A schema in a few words: a type, the choices, a named schema, or a list of one. */
const typeOf = (schema: JsonObject): string => {
  if (typeof schema['$ref'] === 'string') return schemaLink(schema['$ref']);
  if ('const' in schema) return `<code>${escape(JSON.stringify(schema['const']))}</code>`;
  const choices = asList(schema['enum']);
  if (choices.length > 0)
    return choices
      .map((choice) => `<code>${escape(typeof choice === 'string' ? choice : JSON.stringify(choice))}</code>`)
      .join(' | ');
  const variants = [...asList(schema['anyOf']), ...asList(schema['oneOf'])];
  if (variants.length > 0) return variants.map((variant) => typeOf(asObject(variant))).join(' | ');
  const type = schema['type'];
  if (type === 'array') return `list of ${typeOf(asObject(schema['items']))}`;
  const name = Array.isArray(type) ? type.join(' | ') : asText(type) || 'anything';
  const format = asText(schema['format']);
  return escape(format === '' ? name : `${name} (${format})`);
};

const limitsOf = (schema: JsonObject): string => {
  const limits: string[] = [];
  if ('default' in schema) limits.push(`default ${JSON.stringify(schema['default'])}`);
  for (const [name, word, unit] of [
    ['minimum', 'at least', ''],
    ['maximum', 'at most', ''],
    ['minLength', 'at least', ' characters'],
    ['maxLength', 'at most', ' characters'],
    ['maxItems', 'at most', ' entries'],
  ] as const) {
    const limit = schema[name];
    if (typeof limit !== 'number' || Math.abs(limit) >= Number.MAX_SAFE_INTEGER) continue;
    limits.push(`${word} ${limit}${unit}`);
  }
  return escape(limits.join(', '));
};

/** The members of an object schema as rows; members that are objects themselves follow, indented. */
const memberRows = (schema: JsonObject, depth = 0): string => {
  const required = new Set(asList(schema['required']));
  return Object.entries(asObject(schema['properties']))
    .map(([name, value]) => {
      const member = asObject(value);
      const inner = 'properties' in member ? member : asObject(member['items']);
      const nested = 'properties' in inner ? memberRows(inner, depth + 1) : '';
      const mark = required.has(name) ? '' : ' <small>optional</small>';
      return (
        `<tr><th scope="row" class="depth-${Math.min(depth, 3)}"><code>${escape(name)}</code>${mark}</th>` +
        `<td>${typeOf(member)}</td><td>${prose(asText(member['description']))} ${limitsOf(member)}</td></tr>${nested}`
      );
    })
    .join('');
};

const table = (caption: string, rows: string): string =>
  rows === '' ? '' : `<table><caption>${caption}</caption><tbody>${rows}</tbody></table>`;

const schemaTable = (caption: string, schema: JsonObject): string => {
  if ('properties' in schema) return table(caption, memberRows(schema));
  return `<p>${caption}: ${typeOf(schema)}</p>`;
};

const bodyOf = (content: JsonObject, caption: string): string =>
  Object.entries(content)
    .map(([media, value]) =>
      schemaTable(`${caption} <code>${escape(media)}</code>`, asObject(asObject(value)['schema'])),
    )
    .join('');

const operationSection = (method: string, path: string, operation: OpenApiOperation): string => {
  const parameters = (operation.parameters ?? [])
    .map((parameter) => {
      const schema = asObject(parameter['schema']);
      const optional = parameter['required'] === true ? '' : ' <small>optional</small>';
      return (
        `<tr><th scope="row"><code>${escape(asText(parameter['name']))}</code>${optional}</th>` +
        `<td>${typeOf(schema)}</td><td>${escape(asText(parameter['in']))}. ` +
        `${prose(asText(parameter['description']))} ${limitsOf(schema)}</td></tr>`
      );
    })
    .join('');
  const responses = Object.entries(operation.responses)
    .map(([status, response]) => {
      const content = asObject(response['content']);
      // Every problem looks alike; the entity below says how.
      const body = PROBLEM_CONTENT_TYPE in content ? '' : bodyOf(content, 'Answer');
      return `<p><strong>${escape(status)}</strong> ${prose(asText(response['description']))}</p>${body}`;
    })
    .join('');
  return `<section id="${escape(operation.operationId)}">
<h3><span class="method">${escape(method.toUpperCase())}</span> <code>${escape(path)}</code></h3>
<p>${prose(operation.summary)}${operation.summary.endsWith('?') ? '' : '.'} ${prose(operation.description ?? '')}</p>
${table('Parameters', parameters)}${bodyOf(asObject(operation.requestBody?.['content']), 'Body')}${responses}
</section>`;
};

/** One entry for the data plane, which answers every method alike. */
const operationsOf = (api: OpenApi) =>
  Object.entries(api.paths).flatMap(([path, methods]) => {
    const all = Object.entries(methods).map(([method, operation]) => ({ method, path, operation }));
    const [first] = all;
    return path.startsWith('/v1/check') && first !== undefined ? [{ ...first, method: 'any' }] : all;
  });

export const DOCS_CSP =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE = `
:root { color-scheme: light dark; --line: #d5dde0; --soft: #f1f5f6; --link: #0b6e75; --text: #1b2a30; --page: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --line: #33424a; --soft: #1c262b; --link: #5cc8cf; --text: #dfe7e9; --page: #14191b; }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); margin: 0; }
main, header { max-width: 60rem; margin: 0 auto; padding: 0 1.5rem; }
h2 { margin: 3rem 0 0.5rem; border-bottom: 1px solid var(--line); padding-bottom: 0.25rem; }
h3 { margin: 2rem 0 0.25rem; font-size: 1.05rem; }
a { color: var(--link); }
code { font: 0.9em ui-monospace, monospace; background: var(--soft); padding: 0.1em 0.3em; border-radius: 4px; }
.method { font: 600 0.8rem ui-monospace, monospace; border: 1px solid var(--line); border-radius: 4px; padding: 0.15em 0.5em; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; font-size: 0.92rem; }
caption { text-align: left; font-weight: 600; padding: 0.5rem 0 0.25rem; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.75rem 0.3rem 0; border-top: 1px solid var(--line); font-weight: 400; }
th { width: 30%; } small { opacity: 0.75; }
.depth-1 { padding-left: 1.25rem; } .depth-2 { padding-left: 2.5rem; } .depth-3 { padding-left: 3.75rem; }
nav ul { columns: 2; padding-left: 1.2rem; }
`;

export const docsPage = (api: OpenApi): string => {
  const operations = operationsOf(api);
  const sections = api.tags
    .map(({ name, description }) => {
      const own = operations.filter(({ operation }) => operation.tags.includes(name));
      if (own.length === 0) return '';
      const parts = own.map(({ method, path, operation }) => operationSection(method, path, operation));
      return `<h2 id="tag-${escape(name)}">${escape(description)}</h2>${parts.join('')}`;
    })
    .join('');
  const links = operations
    .map(
      ({ method, path, operation }) =>
        `<li><a href="#${escape(operation.operationId)}">${escape(method.toUpperCase())} ${escape(path)}</a></li>`,
    )
    .join('');
  const schemas = Object.entries(api.components.schemas)
    .map(([name, schema]) => {
      const id = escape(name);
      return `<section id="schema-${id}"><h3>${id}</h3>${schemaTable('Members', asObject(schema))}</section>`;
    })
    .join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gatehouse API</title>
<style>${STYLE}</style>
</head>
<body>
<header><h1>Gatehouse API <small>${escape(asText(api.info['version']))}</small></h1>
<p>${prose(asText(api.info['description']))}</p>
<p>For programs: <a href="openapi.json">openapi.json</a> (OpenAPI 3.1). All calls of the control plane carry
<code>Authorization: Bearer &lt;access token&gt;</code>.</p>
<nav aria-label="Calls"><ul>${links}</ul></nav></header>
<main>${sections}<h2 id="schemas">Entities</h2>${schemas}</main>
</body>
</html>
`;
};
