import type { AwsError } from '../aws-error.js';
import type { Reply } from '../http/reply.js';

const XMLNS = 'https://sts.amazonaws.com/doc/2011-06-15/';

const escapeXml = (text: string): string =>
  text.replace(
    /[&<>"']/g,
    (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' })[c] ?? c,
  );

/** A value of the Query protocol's answers: text, a number, or a structure. Undefined members are left out. */
export type XmlValue = string | number | { readonly [name: string]: XmlValue | undefined };

const element = (name: string, value: XmlValue): string => {
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

export const queryReply = (action: string, result: XmlValue, requestId: string): Reply =>
  xmlReply(
    200,
    `<${action}Response xmlns="${XMLNS}">${element(`${action}Result`, result)}${element('ResponseMetadata', { RequestId: requestId })}</${action}Response>`,
  );

export const queryErrorReply = (error: AwsError, requestId: string): Reply => {
  const detail = {
    Type: error.status >= 500 ? 'Receiver' : 'Sender',
    Code: error.code,
    Message: error.text ?? undefined,
  };
  return xmlReply(
    error.status,
    `<ErrorResponse xmlns="${XMLNS}">${element('Error', detail)}${element('RequestId', requestId)}</ErrorResponse>`,
  );
};
