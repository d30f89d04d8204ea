import { OpenApi, type ApiAnswer, type Document } from './openapi.js';

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
  const committed = OpenApi.committed();
  const succeeded = new Set<string>();
  const problems = new Set<string>();

  /** That the committed document is behind the code is one failure, of test/architecture, and not one of every test. */
  const isOnlyBehind = async (origin: string, answer: ApiAnswer): Promise<boolean> => {
    const document = (await (await original(`${origin}/openapi.json`)).json()) as Document;
    return new OpenApi(document).problemOf(answer) === undefined;
  };

  const watched: typeof fetch = async (input, init) => {
    const response = await original(input, init);
    const url = new URL(input instanceof Request ? input.url : input);
    if (!apis.includes(url.origin)) return response;
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    const answer: ApiAnswer = {
      method,
      path: url.pathname,
      status: response.status,
      contentType: response.headers.get('content-type'),
      text: await response.clone().text(),
    };
    const problem = committed.problemOf(answer);
    if (problem !== undefined && !(await isOnlyBehind(url.origin, answer))) {
      problems.add(problem);
      throw new Error(problem);
    }
    const operation = committed.operationOf(method, url.pathname);
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
