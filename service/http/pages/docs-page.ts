import { PROBLEM_CONTENT_TYPE } from '#shared/api/problem';
import { html, Html, type HtmlValue } from '../../mail/html';
import type { Json, OpenApi, OpenApiOperation } from '../openapi';
import type { Page } from './page';

type JsonObject = Readonly<Record<string, Json>>;

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Turns `code` in a description, marked as in Markdown, into HTML. */
function prose(value: Json | undefined): Html {
  return new Html(html`${asText(value)}`.text.replaceAll(/`([^`]+)`/g, '<code>$1</code>'));
}

function code(value: Json | undefined): Html {
  return html`<code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>`;
}

function alternatives(parts: readonly Html[]): HtmlValue {
  return parts.map((part, index) => [index > 0 && ' | ', part]);
}

/** Returns a schema in a few words: its name, its choices, its type, or a list of one of these. */
function typeOf(schema: JsonObject): HtmlValue {
  const { $ref, type } = schema;
  if (typeof $ref === 'string') {
    const name = $ref.replace('#/components/schemas/', '');
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if ('const' in schema) return code(schema['const']);
  const choices = asList(schema['enum']);
  if (choices.length > 0) return alternatives(choices.map(code));
  const variants = [...asList(schema['anyOf']), ...asList(schema['oneOf'])];
  if (variants.length > 0) return alternatives(variants.map((variant) => html`${typeOf(asObject(variant))}`));
  if (type === 'array') return ['list of ', typeOf(asObject(schema['items']))];
  const name = Array.isArray(type) ? type.join(' | ') : asText(type) || 'anything';
  const format = asText(schema['format']);
  return format === '' ? name : `${name} (${format})`;
}

function limitsOf(schema: JsonObject): string {
  const limits = 'default' in schema ? [`default ${JSON.stringify(schema['default'])}`] : [];
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
  return limits.join(', ');
}

function row(
  name: Json | undefined,
  isRequired: boolean,
  depth: number,
  type: JsonObject,
  words: Html,
): Html {
  return html`<tr>
    <th scope="row" class="depth-${Math.min(depth, 3)}">
      ${code(name)}${!isRequired && html` <small>optional</small>`}
    </th>
    <td>${typeOf(type)}</td>
    <td>${words} ${limitsOf(type)}</td>
  </tr>`;
}

/** Returns the members of an object schema as rows, each followed by its own members, indented. */
function memberRows(schema: JsonObject, depth = 0): readonly HtmlValue[] {
  const required = asList(schema['required']);
  return Object.entries(asObject(schema['properties'])).map(([name, value]) => {
    const member = asObject(value);
    const inner = 'properties' in member ? member : asObject(member['items']);
    return [
      row(name, required.includes(name), depth, member, prose(member['description'])),
      memberRows(inner, depth + 1),
    ];
  });
}

function table(caption: HtmlValue, rows: readonly HtmlValue[]): Html | false {
  return (
    rows.length > 0 &&
    html`<table>
      <caption>
        ${caption}
      </caption>
      <tbody>
        ${rows}
      </tbody>
    </table>`
  );
}

function schemaTable(caption: HtmlValue, schema: JsonObject): Html | false {
  return 'properties' in schema
    ? table(caption, memberRows(schema))
    : html`<p>${caption}: ${typeOf(schema)}</p>`;
}

function bodyOf(content: JsonObject, caption: string): HtmlValue {
  return Object.entries(content).map(([media, value]) =>
    schemaTable(html`${caption} ${code(media)}`, asObject(asObject(value)['schema'])),
  );
}

function operationSection(method: string, path: string, operation: OpenApiOperation): Html {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const parameterRows = parameters.map(({ name, in: location, required, schema, description }) =>
    row(name, required === true, 0, asObject(schema), html`${asText(location)}. ${prose(description)}`),
  );
  return html`<section id="${operationId}">
    <h3><span class="method">${method.toUpperCase()}</span> ${code(path)}</h3>
    <p>${prose(summary)}${!summary.endsWith('?') && '.'} ${prose(description)}</p>
    ${table('Parameters', parameterRows)} ${bodyOf(asObject(requestBody?.['content']), 'Body')}
    ${Object.entries(responses).map(([status, response]) => {
      const content = asObject(response['content']);
      return html`<p><strong>${status}</strong> ${prose(response['description'])}</p>
        ${/** All problems have the same members, so that one table serves all. */ !(PROBLEM_CONTENT_TYPE in content) && bodyOf(content, 'Answer')}`;
    })}
  </section>`;
}

/** Returns all operations. The data plane answers every method alike, so that it counts as one. */
function operationsOf(api: OpenApi) {
  return Object.entries(api.paths).flatMap(([path, methods]) => {
    const all = Object.entries(methods).map(([method, operation]) => ({ method, path, operation }));
    return path.startsWith('/v1/check') ? all.slice(0, 1).map((each) => ({ ...each, method: 'any' })) : all;
  });
}

export function docsPage(api: OpenApi): Page {
  const operations = operationsOf(api);
  const sections = api.tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    const parts = own.map(({ method, path, operation }) => operationSection(method, path, operation));
    return (
      parts.length > 0 &&
      html`<h2 id="tag-${name}">${description}</h2>
        ${parts}`
    );
  });
  const links = operations.map(
    ({ method, path, operation }) =>
      html`<li><a href="#${operation.operationId}">${method.toUpperCase()} ${path}</a></li>`,
  );
  const schemas = Object.entries(api.components.schemas).map(
    ([name, schema]) =>
      html`<section id="schema-${name}">
        <h3>${name}</h3>
        ${schemaTable('Members', asObject(schema))}
      </section>`,
  );
  return {
    status: 200,
    title: 'Gatehouse API',
    isWide: true,
    content: html`<p>${prose(api.info['description'])}</p>
      <p>
        Version ${asText(api.info['version'])}. For programs: <a href="openapi.json">openapi.json</a> (OpenAPI
        3.1). All calls of the control plane carry <code>Authorization: Bearer &lt;access token&gt;</code>.
      </p>
      <nav aria-label="Calls">
        <ul>
          ${links}
        </ul>
      </nav>
      ${sections}
      <h2 id="schemas">Entities</h2>
      ${schemas}`,
  };
}
