import { OpenApi } from './openapi.js';

export interface AnswerWatch {
  /** Operations that have been seen to succeed, as `GET /emails/{id}`. */
  readonly succeeded: ReadonlySet<string>;
  /** @throws Error with every answer that was not as documented */
  stop(): void;
}

/**
 * Holds every answer of these APIs against openapi.json, whoever asks: helpers, the SDKs, a bare fetch. The caller of a
 * wrong answer fails at once; because an SDK turns that into an error of its own, stop() tells it again.
 */
export function watchAnswers(apis: readonly string[]): AnswerWatch {
  const original = globalThis.fetch;
  const openApi = OpenApi.committed();
  const succeeded = new Set<string>();
  const problems = new Set<string>();
  const watched: typeof fetch = async (input, init) => {
    const response = await original(input, init);
    const url = new URL(input instanceof Request ? input.url : input);
    if (!apis.includes(url.origin) || process.env['SESAME_TEST_OPENAPI'] === undefined) return response;
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    const path = url.pathname;
    const problem = openApi.problemOf({
      method,
      path,
      status: response.status,
      contentType: response.headers.get('content-type'),
      text: await response.clone().text(),
    });
    if (problem !== undefined) {
      problems.add(problem);
      throw new Error(problem);
    }
    const operation = openApi.operationOf(method, path);
    if (response.ok && operation !== undefined) succeeded.add(operation);
    return response;
  };
  globalThis.fetch = watched;
  return {
    succeeded,
    stop: () => {
      // A second stack may have put its own watch on top.
      if (globalThis.fetch === watched) globalThis.fetch = original;
      if (problems.size > 0) throw new Error(`not as in openapi.json: ${[...problems].join('\n')}`);
    },
  };
}
