/** One request of the API, as it is remembered until it is stored. */
export interface RequestEntry {
  /** Made when the request was answered: it carries the time. */
  id: string;
  projectId: string;
  apiKeyId: string | undefined;
  method: string;
  /** The path without its query. */
  endpoint: string;
  responseStatus: number;
  userAgent: string | undefined;
  /** As it was parsed, unless it was long; redacted when it is stored. */
  requestBody: unknown;
  /** Redacted already, because it was too long to be held. */
  redactedRequest?: string | undefined;
  /** As it was sent. */
  responseBody: string | undefined;
}
