import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components?: object;
}

export interface ApiAnswer {
  method: string;
  /** With or without a query. */
  path: string;
  status: number;
  contentType: string | null;
  text: string;
}

interface Operation {
  responses: Record<string, { content?: Record<string, { schema?: object }> }>;
}

interface Route {
  path: string;
  pattern: RegExp;
  operations: Record<string, Operation>;
}

/** Served, but no part of the documented API: figures, the document and its page, the links to files, signing in, the dashboard, the sandbox. */
const apart =
  /^\/(metrics|openapi\.(json|yaml)|docs(\/.*)?|attachments\/[^/]+|v1\/connections\/[^/]+\/sandbox|auth\/.*|app(\/.*)?)$/;

/** Holds what the API answers against an OpenAPI 3.0 document. */
export class OpenApi {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly routes: Route[];
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(document: Document) {
    addFormats.default(this.ajv);
    const schema = toJsonSchema({ components: document.components ?? {} }) as object;
    this.ajv.addSchema({ ...schema, $id: 'openapi' });
    this.routes = Object.entries(document.paths)
      .map(([path, operations]) => ({ path, operations, pattern: toPattern(path) }))
      // `/emails/batch` before `/emails/{id}`.
      .sort((a, b) => a.path.split('{').length - b.path.split('{').length);
  }

  /** The committed openapi.json. */
  static committed(): OpenApi {
    const file = join(import.meta.dirname, '..', '..', 'openapi.json');
    return new OpenApi(JSON.parse(readFileSync(file, 'utf8')) as Document);
  }

  /** `GET /emails/{id}`: every operation of the document. */
  operations(): string[] {
    return this.routes.flatMap(({ path, operations }) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
  }

  /** The operation that a request is for. */
  operationOf(method: string, path: string): string | undefined {
    const route = this.find(path);
    return route !== undefined && method.toLowerCase() in route.operations
      ? `${method.toUpperCase()} ${route.path}`
      : undefined;
  }

  /** @returns what the document does not allow about an answer; undefined when it is as documented */
  problemOf(answer: ApiAnswer): string | undefined {
    const path = pathOf(answer.path);
    if (apart.test(path) && answer.status < 400) return undefined;
    const route = this.find(path);
    const operation = route?.operations[answer.method.toLowerCase()];
    const name = `${answer.method.toUpperCase()} ${route?.path ?? path} answered ${answer.status}`;
    if (operation === undefined) {
      // What is not documented does not exist, and says so in the common shape.
      if (answer.status < 400)
        return `${name}, but openapi.json has no such operation (npm run openapi writes it)`;
      return this.bodyProblem(name, answer, { $ref: 'openapi#/components/schemas/Error' });
    }
    const documented =
      operation.responses[String(answer.status)] ??
      operation.responses[`${String(answer.status).charAt(0)}XX`];
    if (documented === undefined)
      return `${name}: the documented statuses are ${Object.keys(operation.responses).join(', ')}`;
    const content = documented.content ?? {};
    const schema = content['application/json']?.schema;
    const mediaType = answer.contentType?.split(';')[0] ?? 'none';
    if (mediaType in content && schema === undefined) return undefined;
    if (schema === undefined)
      return `${name} with content type ${mediaType}: documented is ${Object.keys(content).join(', ') || 'no body'}`;
    return this.bodyProblem(name, answer, schema);
  }

  private bodyProblem(name: string, { contentType, text }: ApiAnswer, schema: object): string | undefined {
    // SDKs (Python, Go) take nothing else for an answer, errors included.
    if (contentType !== 'application/json; charset=utf-8') return `${name} with content type ${contentType}`;
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      return `${name} with a body that is not JSON: ${text.slice(0, 200)}`;
    }
    const key = JSON.stringify(schema);
    let validate = this.validators.get(key);
    if (validate === undefined) {
      validate = this.ajv.compile(toJsonSchema(schema) as object);
      this.validators.set(key, validate);
    }
    if (validate(body)) return undefined;
    const faults = (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
    );
    return `${name} with another body than documented: ${faults.join('; ')} in ${text.slice(0, 500)}`;
  }

  private find(path: string): Route | undefined {
    return this.routes.find(({ pattern }) => pattern.test(pathOf(path)));
  }
}

/** OpenAPI 3.0's own words (`nullable`, references into the document) as JSON Schema. */
function toJsonSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toJsonSchema);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string' ? inner.replace(/^#/, 'openapi#') : toJsonSchema(inner),
    ]),
  );
  return nullable === true ? { anyOf: [{ type: 'null' }, rest] } : rest;
}

function pathOf(url: string): string {
  return (url.split('?')[0] ?? '').replace(/^\/{2,}/, '/');
}

function toPattern(path: string): RegExp {
  const literal = path
    .split(/\{[^}]+\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]+');
  return new RegExp(`^${literal}$`);
}
