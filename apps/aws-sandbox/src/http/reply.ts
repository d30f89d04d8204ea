/** What goes back. `destroy` drops the connection instead of answering. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly destroy?: boolean;
}

export const jsonReply = (status: number, value: unknown, headers: Record<string, string> = {}): Reply => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

export const DROPPED_CONNECTION: Reply = { status: 0, headers: {}, body: '', destroy: true };
