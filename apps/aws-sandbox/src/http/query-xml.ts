import type { AwsError } from '../aws-error.js';
import type { Reply } from './reply.js';

const escapeXml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[c] ?? c,
  );

/**
 * A value of the Query protocol's answers. A list repeats its element's name, so that `{Topics: {member: [...]}}` is
 * a wrapped list and `{Message: [...]}` a flattened one. Undefined members are left out.
 */
export type XmlValue =
  string | number | boolean | readonly XmlValue[] | { readonly [name: string]: XmlValue | undefined };

const isList = (value: XmlValue): value is readonly XmlValue[] => Array.isArray(value);

const element = (name: string, value: XmlValue): string => {
  if (isList(value)) return value.map((item) => element(name, item)).join('');
  const inner =
    typeof value === 'object'
      ? Object.entries(value)
          .map(([key, child]) => (child === undefined ? '' : element(key, child)))
          .join('')
      : escapeXml(String(value));
  return `<${name}>${inner}</${name}>`;
};

const xmlReply = (status: number, body: string): Reply => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body,
});

export interface QueryXml {
  /** `undefined` = an operation without output: there is no result element then. */
  readonly reply: (action: string, result: XmlValue | undefined, requestId: string) => Reply;
  readonly errorReply: (error: AwsError, requestId: string) => Reply;
}

/** The envelopes of the Query protocol under a service's own namespace. */
export const queryXml = (xmlns: string): QueryXml => ({
  reply: (action, result, requestId) =>
    xmlReply(
      200,
      `<${action}Response xmlns="${xmlns}">${result === undefined ? '' : element(`${action}Result`, result)}${element('ResponseMetadata', { RequestId: requestId })}</${action}Response>`,
    ),
  errorReply: (error, requestId) => {
    const detail = {
      Type: error.status >= 500 ? 'Receiver' : 'Sender',
      Code: error.code,
      Message: error.text ?? undefined,
    };
    return xmlReply(
      error.status,
      `<ErrorResponse xmlns="${xmlns}">${element('Error', detail)}${element('RequestId', requestId)}</ErrorResponse>`,
    );
  },
});
