import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Resend } from 'resend';
import { OpenApi } from '../support/openapi.js';
import { watchAnswers } from '../support/watch-answers.js';

const json = 'application/json; charset=utf-8';
const schema = (inner: object) => ({ content: { 'application/json': { schema: inner } } });
const ref = (name: string) => schema({ $ref: `#/components/schemas/${name}` });

/** The watch itself: a checker that lets everything through would be believed. */
describe('what the API answers is held against the document', () => {
  const openApi = new OpenApi({
    paths: {
      '/things/{id}': {
        get: {
          responses: { '200': ref('Thing'), '4XX': ref('Error'), '503': ref('Thing'), '5XX': ref('Error') },
        },
      },
      '/things/table': {
        get: { responses: { '200': { content: { 'text/csv': {} } }, '4XX': ref('Error') } },
      },
      '/things/batch': {
        post: { responses: { '200': schema({ type: 'array', items: { type: 'string' } }) } },
      },
    },
    components: {
      schemas: {
        Thing: {
          type: 'object',
          properties: {
            id: { type: 'string', format: 'uuid' },
            name: { nullable: true, type: 'string' },
            value: { nullable: true, anyOf: [{ type: 'string' }, { type: 'number' }] },
            inner: { $ref: '#/components/schemas/Inner' },
          },
          required: ['id', 'name'],
          additionalProperties: false,
        },
        Inner: {
          type: 'object',
          properties: { a: { type: 'integer' } },
          required: ['a'],
          additionalProperties: false,
        },
        Error: {
          type: 'object',
          properties: { statusCode: { type: 'integer' } },
          required: ['statusCode'],
          additionalProperties: false,
        },
      },
    },
  });
  const id = '01930000-0000-7000-8000-000000000000';
  const problem = (operation: string, status: number, body: unknown, contentType: string | null = json) => {
    const [method = '', path = ''] = operation.split(' ');
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return openApi.problemOf({ method, path, status, contentType, text });
  };

  it.each<[string, string, number, unknown]>([
    ['a documented body', `GET /things/${id}`, 200, { id, name: 'x', value: 5, inner: { a: 1 } }],
    ['null where it may be', `GET /things/${id}?a=b`, 200, { id, name: null, value: null }],
    ['a documented refusal', `GET /things/${id}`, 404, { statusCode: 404 }],
    ['a status of its own before its range', `GET /things/${id}`, 503, { id, name: null }],
    ['a fixed path before one with a parameter', 'POST /things/batch', 200, ['a']],
    ['a doubled slash', `GET //things/${id}`, 200, { id, name: 'x' }],
    ['what does not exist', 'GET /nothing', 404, { statusCode: 404 }],
    ['another verb', `PUT /things/${id}`, 405, { statusCode: 405 }],
    ['figures', 'GET /metrics', 200, 'a 1'],
    ['a refusal where the answer is no JSON', 'GET /things/table', 404, { statusCode: 404 }],
  ])('lets through %s', (_, operation, status, body) => {
    expect(problem(operation, status, body)).toBeUndefined();
  });

  it.each<[string, string, number, unknown, string]>([
    ['a field too many', `GET /things/${id}`, 200, { id, name: 'x', secret: 1 }, 'secret'],
    ['a field too few', `GET /things/${id}`, 200, { id }, 'name'],
    ['null where it may not be', `GET /things/${id}`, 200, { id: null, name: null }, '/id'],
    ['another type', `GET /things/${id}`, 200, { id, name: 5 }, '/name'],
    [
      'what is wrong in a reference',
      `GET /things/${id}`,
      200,
      { id, name: 'x', inner: { a: 'b' } },
      '/inner/a',
    ],
    ['an id that is none', `GET /things/${id}`, 200, { id: 'x', name: 'x' }, '/id'],
    ['a refusal in another shape', `GET /things/${id}`, 422, { message: 'no' }, 'statusCode'],
    ['an undocumented status', `GET /things/${id}`, 202, { id, name: 'x' }, 'documented statuses'],
    ['an undocumented range', 'POST /things/batch', 404, { statusCode: 404 }, 'documented statuses'],
    ['an undocumented route', 'GET /other', 200, {}, 'no such operation'],
    ['an undocumented verb', `DELETE /things/${id}`, 200, {}, 'no such operation'],
    ['what does not exist, in another shape', 'GET /nothing', 404, { error: 1 }, 'statusCode'],
    ['a body that is not JSON', `GET /things/${id}`, 200, '<html>', 'not JSON'],
    ['an empty body', `GET /things/${id}`, 200, '', 'not JSON'],
    ['JSON where it is not documented', 'GET /things/table', 200, {}, 'documented is text/csv'],
  ])('finds %s', (_, operation, status, body, message) => {
    expect(problem(operation, status, body)).toContain(message);
  });

  it('finds another content type', () => {
    expect(problem('GET /things/table', 200, 'a,b', 'text/csv; charset=utf-8')).toBeUndefined();
    expect(problem(`GET /things/${id}`, 200, { id, name: 'x' }, 'text/html')).toContain('text/html');
    expect(problem(`GET /things/${id}`, 200, { id, name: 'x' }, null)).toContain('content type');
  });

  it('has a schema for every answer of the committed document', () => {
    const committed = OpenApi.committed();
    expect(committed.operations().length).toBeGreaterThanOrEqual(24);
    for (const operation of committed.operations()) {
      const [method = '', path = ''] = operation.split(' ');
      expect(committed.operationOf(method, path.replaceAll(/\{[^}]+\}/g, 'x'))).toBe(operation);
      // A body that no schema of ours takes: were there no schema, nothing would be found.
      expect(
        committed.problemOf({ method, path, status: 422, contentType: json, text: '"nothing"' }),
      ).toContain('another body than documented');
    }
  });
});

describe('the watch', () => {
  const document = readFileSync(join(import.meta.dirname, '..', '..', 'openapi.json'), 'utf8');

  /** An API that gives this answer to everything but the question for its document. */
  async function withApi(body: object, work: (api: string) => Promise<void>): Promise<void> {
    const server = createServer((request, response) => {
      response.setHeader('content-type', json);
      response.end(request.url === '/openapi.json' ? document : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  it('lets a documented answer through, and counts it', () =>
    withApi({ object: 'list', has_more: false, data: [] }, async (api) => {
      const watch = watchAnswers([api]);
      const answer = await fetch(`${api}/emails?limit=1`);
      expect(await answer.json()).toEqual({ object: 'list', has_more: false, data: [] });
      expect([...watch.succeeded]).toEqual(['GET /emails']);
      watch.stop();
    }));

  it('fails whoever gets another one, and tells it again at the end because SDKs hide it', () =>
    withApi({ object: 'list', has_more: false, data: [], secret: 'x' }, async (api) => {
      const before = fetch;
      const watch = watchAnswers([api]);
      await expect(fetch(`${api}/emails`)).rejects.toThrow('GET /emails answered 200 with another body');
      expect((await new Resend('re_x', { baseUrl: api }).emails.list()).error).not.toBeNull();
      expect(() => watch.stop()).toThrow('secret');
      expect(fetch).toBe(before);
    }));

  it('looks at no other server', () =>
    withApi({ anything: 1 }, async (api) => {
      const watch = watchAnswers(['http://127.0.0.1:1']);
      expect((await fetch(`${api}/emails`)).status).toBe(200);
      watch.stop();
    }));
});
