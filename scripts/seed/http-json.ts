/** A call that was answered with an error, in words for a person. */
export class CallFailed extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH';
  body?: unknown;
  headers?: Record<string, string>;
}

/** Calls JSON over HTTP under one address. Never shows a key: messages hold the method, the path and the answer. */
export class JsonClient {
  constructor(
    private readonly origin: string,
    private readonly token?: string,
  ) {}

  /** @throws CallFailed on any answer but 2xx. */
  async call<T>(path: string, { method = 'GET', body, headers = {} }: Call = {}): Promise<T> {
    const response = await fetch(this.origin + path, {
      method,
      headers: {
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new CallFailed(
        response.status,
        `${method} ${path} was answered with ${response.status}: ${text.slice(0, 600)}`,
      );
    }
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }
}
