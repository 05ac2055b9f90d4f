import { z } from 'zod';
import { routes } from '#shared/api/contract';
import { PROBLEM_CONTENT_TYPE, problemCodeSchema, problemSchema } from '#shared/api/problem';
import type { RouteContract } from '#shared/api/route-contract';
import { operationSchema } from '#shared/api/routes-operations';
import { reasonSchema } from '#shared/domain/entities';
import { UNRECOGNISED } from '#shared/domain/told';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: JsonObject;
  readonly servers: readonly JsonObject[];
  readonly tags: readonly { readonly name: string; readonly description: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Record<string, Json>; readonly securitySchemes: JsonObject };
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly security?: readonly JsonObject[];
  readonly parameters?: readonly JsonObject[];
  readonly requestBody?: JsonObject;
  readonly responses: Readonly<Record<string, JsonObject>>;
}

const TAGS = [
  { name: 'check', description: 'The data plane: may this address use this key?' },
  { name: 'account', description: 'The account and its mode' },
  { name: 'ranges', description: 'Authorized and denied ranges' },
  { name: 'attempts', description: 'The log of calls' },
  { name: 'reviews', description: 'Reviews of blocked addresses, and their answers' },
  { name: 'keys', description: 'API keys' },
  { name: 'users', description: 'Users and their access tokens' },
  { name: 'policy', description: 'What a verdict is or would be, and why' },
  { name: 'sync', description: 'What the console mirrors, and its queued operations' },
  { name: 'audit', description: 'Who did what' },
  { name: 'service', description: 'The state of the service itself' },
] as const;
type Tag = (typeof TAGS)[number]['name'];

const TAG_OF: Readonly<Record<string, Tag>> = {
  account: 'account',
  ranges: 'ranges',
  attempts: 'attempts',
  reviews: 'reviews',
  keys: 'keys',
  users: 'users',
  tokens: 'users',
  explain: 'policy',
  simulate: 'policy',
  operations: 'sync',
  changes: 'sync',
  audit: 'audit',
};

type JsonSchema = z.core.JSONSchema.BaseSchema;

function isUnrecognised({ const: only, properties }: JsonSchema): boolean {
  const { kind } = properties ?? {};
  return only === UNRECOGNISED || (typeof kind === 'object' && kind.const === UNRECOGNISED);
}

/**
 * Removes the options for readers that are older than their service, which sends no value that it does not know. A choice by kind
 * and then by operation is described as one choice.
 */
function describeChoice({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void {
  const options = jsonSchema.oneOf ?? jsonSchema.anyOf ?? [];
  if (!options.some(isUnrecognised)) return;
  const known = options
    .filter((option) => !isUnrecognised(option))
    .flatMap((option) => option.oneOf ?? [option]);
  const [only, ...more] = known;
  delete jsonSchema.oneOf;
  delete jsonSchema.anyOf;
  if (more.length > 0) jsonSchema.anyOf = known;
  else Object.assign(jsonSchema, only);
}

/** Collects the schemas that have an id, so that each appears once under `components`. */
function createSchemas() {
  const named: Record<string, Json> = {};
  const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonObject => {
    // zod writes a schema with an id as a reference only within another schema, such as this list.
    const list = z.toJSONSchema(z.array(schema), { io, unrepresentable: 'any', override: describeChoice });
    const text = JSON.stringify(list).replaceAll('#/$defs/', '#/components/schemas/');
    const { items, $defs = {} } = JSON.parse(text) as { items: JsonObject; $defs?: JsonObject };
    for (const [id, definition] of Object.entries($defs)) named[id] ??= definition;
    return items;
  };
  return { named, schemaOf };
}

type SchemaOf = ReturnType<typeof createSchemas>['schemaOf'];

function parametersOf(location: 'path' | 'query', schema: z.ZodObject | undefined, schemaOf: SchemaOf) {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: JsonObject;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: location,
    required: required.includes(name),
    schema: field,
  }));
}

function problemResponse(description: string): JsonObject {
  return {
    description,
    content: { [PROBLEM_CONTENT_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  };
}

const ACCESS_WORDS: Record<RouteContract['access'], string> = {
  read: 'Any valid access token.',
  authorized_ips: 'Needs the permission `authorized_ips`.',
  api_keys: 'Needs the permission `api_keys`.',
  owner: 'Needs the role `owner`.',
};

function successOf(contract: RouteContract, schemaOf: SchemaOf): JsonObject {
  if (contract.status === 204) return { description: 'Done' };
  const content = Object.fromEntries(
    (contract.streams ?? ['application/json']).map((media) => [
      media,
      { schema: contract.streams === undefined ? schemaOf(contract.response, 'output') : { type: 'string' } },
    ]),
  );
  return { description: 'The answer', content };
}

function operationOf(name: string, contract: RouteContract, schemaOf: SchemaOf): OpenApiOperation {
  const parameters = [
    ...parametersOf('path', contract.params, schemaOf),
    ...parametersOf('query', contract.query, schemaOf),
    ...(contract.ifMatch
      ? [
          {
            name: 'If-Match',
            in: 'header',
            required: false,
            description: 'The version that is expected, in quotes: `"3"`',
            schema: { type: 'string' },
          },
        ]
      : []),
  ];
  return {
    operationId: name,
    summary: contract.summary,
    description: ACCESS_WORDS[contract.access],
    tags: [TAG_OF[contract.path.split('/')[2] ?? ''] ?? 'service'],
    security: [{ accessToken: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(contract.body !== undefined && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(contract.body, 'input') } },
      },
    }),
    responses: {
      [contract.status]: successOf(contract, schemaOf),
      '4XX': problemResponse('Refused; `code` says why, `field` what is to blame'),
      '5XX': problemResponse('The service cannot answer'),
    },
  };
}

const CHECK_HEADERS: JsonObject = {
  'x-gatehouse-verdict': { schema: { type: 'string', enum: ['allowed', 'blocked'] } },
  'x-gatehouse-reason': { schema: { type: 'string', enum: [...reasonSchema.options] } },
  'x-gatehouse-key': { description: 'Id of the key', schema: { type: 'string' } },
  'x-gatehouse-range': { description: 'Id of the range that decided', schema: { type: 'string' } },
};

function checkOperation(operationId: string): OpenApiOperation {
  return {
    operationId,
    summary: 'May the caller of this request use its API key?',
    description:
      'Asked by a reverse proxy for each call, with any method. The key is the one that `api-key`, `x-api-key` and ' +
      '`authorization: Bearer` hold; keys that differ are refused. The caller is the TCP peer or, behind a trusted proxy, the client in `X-Forwarded-For`.',
    tags: ['check'],
    parameters: [
      { name: 'api-key', in: 'header', required: false, schema: { type: 'string' } },
      { name: 'x-forwarded-for', in: 'header', required: false, schema: { type: 'string' } },
      {
        name: 'x-gatehouse-body',
        in: 'header',
        required: false,
        description: '`none` answers a block with its headers alone',
        schema: { type: 'string', enum: ['none'] },
      },
    ],
    responses: {
      '200': { description: 'Allowed; no body', headers: CHECK_HEADERS },
      '401': {
        description: 'Blocked',
        headers: { ...CHECK_HEADERS, 'x-gatehouse-message': { schema: { type: 'string' } } },
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['code', 'message', 'reason'],
              properties: {
                code: { const: 'unauthorized' },
                message: { type: 'string' },
                reason: { type: 'string', enum: [...reasonSchema.options] },
                review: { type: 'string', description: 'Id of the open review, where there is one' },
              },
            },
          },
        },
      },
      '400': { description: '`bad_forwarded_for`: the chain of a trusted proxy cannot be read' },
      '431': { description: 'The headers are too large' },
      '503': { description: '`unavailable`: no verdict can be given, and the call is not let in' },
    },
  };
}

function statusOperation(operationId: string, summary: string, content: JsonObject): OpenApiOperation {
  return {
    operationId,
    summary,
    tags: ['service'],
    responses: { '200': { description: 'The answer', content } },
  };
}

const METHODS_OF_CHECK = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;

function checkPath(name: string) {
  return Object.fromEntries(METHODS_OF_CHECK.map((method) => [method, checkOperation(`${name}_${method}`)]));
}

/** Describes the whole API in OpenAPI 3.1, from the schemas that the service validates with. */
export function describeApi(version: string, serverUrl: string): OpenApi {
  const { named, schemaOf } = createSchemas();
  const paths: Record<string, Record<string, OpenApiOperation>> = {
    '/v1/check': checkPath('check'),
    '/v1/check/{path}': Object.fromEntries(
      Object.entries(checkPath('checkPath')).map(([method, operation]) => [
        method,
        {
          ...operation,
          parameters: [
            { name: 'path', in: 'path', required: true, schema: { type: 'string' } },
            ...(operation.parameters ?? []),
          ],
        },
      ]),
    ),
  };
  for (const [name, contract] of Object.entries(routes) as [string, RouteContract][]) {
    // OpenAPI writes `/v1/ranges/:id` as `/v1/ranges/{id}`.
    const path = contract.path.replaceAll(/:([a-z]+)/gi, '{$1}');
    const methods = (paths[path] ??= {});
    methods[contract.method.toLowerCase()] = operationOf(name, contract, schemaOf);
  }
  const json = { 'application/json': { schema: { type: 'object' } } };
  paths['/healthz'] = { get: statusOperation('healthz', 'Whether the process is alive', json) };
  paths['/readyz'] = {
    get: {
      ...statusOperation('readyz', 'Whether verdicts can be given and logged', json),
      responses: {
        '200': { description: '`ready`, or `degraded` with the reason in `why`', content: json },
        '503': problemResponse('Not ready; `detail` says why'),
      },
    },
  };
  paths['/metrics'] = {
    get: statusOperation('metrics', 'Figures for Prometheus', {
      'text/plain': { schema: { type: 'string' } },
    }),
  };
  schemaOf(problemSchema, 'output');
  schemaOf(operationSchema, 'input');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gatehouse',
      version,
      description:
        'The enforcement service. Times are ISO 8601 in UTC, ids are ULIDs. Errors of the control plane are RFC 9457 ' +
        `problems with a stable \`code\`: ${problemCodeSchema.options.map((code) => `\`${code}\``).join(', ')}.`,
    },
    servers: [{ url: serverUrl }],
    tags: [...TAGS],
    paths,
    components: {
      schemas: named,
      securitySchemes: { accessToken: { type: 'http', scheme: 'bearer' } },
    },
  };
}
