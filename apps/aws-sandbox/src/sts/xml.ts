import { queryXml } from '../http/query-xml.js';

export type { XmlValue } from '../http/query-xml.js';

export const { reply: queryReply, errorReply: queryErrorReply } = queryXml(
  'https://sts.amazonaws.com/doc/2011-06-15/',
);
