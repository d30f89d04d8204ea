import type { XmlValue } from '../http/query-xml.js';
import type { SqsInput, SqsOutput } from './sqs-call.js';

// The Query protocol of SQS, which AWS CLIs before 2.14 and older SDKs speak: lists and maps are flattened, under
// names of their own.

const INTEGERS = new Set([
  'MaxNumberOfMessages',
  'VisibilityTimeout',
  'WaitTimeSeconds',
  'DelaySeconds',
  'MaxResults',
]);
const LISTS: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  TagKey: 'TagKeys',
};

type Tree = { [name: string]: Tree | string };

/** `A.1.B=x` as `{A: {1: {B: x}}}`. */
const toTree = (form: URLSearchParams): Tree => {
  const root: Tree = {};
  for (const [path, value] of form) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let node = root;
    for (const name of names) {
      const child = (node[name] ??= {});
      if (typeof child === 'string') break;
      node = child;
    }
    node[last] = value;
  }
  return root;
};

const numbered = (node: Tree | string | undefined): (Tree | string)[] =>
  typeof node === 'object'
    ? Object.entries(node)
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([, value]) => value)
    : [];

const asText = (node: Tree | string | undefined): string => (typeof node === 'string' ? node : '');

const pairs = (node: Tree | string | undefined, key: string, value: string): Record<string, unknown> =>
  Object.fromEntries(
    numbered(node).flatMap((item) =>
      typeof item === 'object' ? [[asText(item[key]), item[value] ?? '']] : [],
    ),
  );

const toInput = (tree: Tree): Record<string, unknown> => {
  const input: Record<string, unknown> = {};
  for (const [name, node] of Object.entries(tree)) {
    const list = LISTS[name];
    if (list !== undefined) input[list] = numbered(node);
    else if (name === 'Attribute') input['Attributes'] = pairs(node, 'Name', 'Value');
    else if (name === 'Tag') input['Tags'] = pairs(node, 'Key', 'Value');
    else if (name === 'MessageAttribute') input['MessageAttributes'] = pairs(node, 'Name', 'Value');
    else if (name.endsWith('RequestEntry'))
      input['Entries'] = numbered(node).flatMap((item) => (typeof item === 'object' ? [toInput(item)] : []));
    else if (typeof node === 'string') input[name] = INTEGERS.has(name) ? Number(node) : node;
  }
  return input;
};

/** The members of the JSON protocol out of a Query form. */
export const inputFromForm = (form: URLSearchParams): SqsInput => {
  const { Action: _action, Version: _version, ...tree } = toTree(form);
  return toInput(tree);
};

const named = (map: unknown, key: string, value: string): XmlValue =>
  Object.entries(map as Record<string, XmlValue>).map(([name, item]) => ({ [key]: name, [value]: item }));

const toXml = (action: string, output: SqsOutput): Record<string, XmlValue> => {
  const xml: Record<string, XmlValue> = {};
  for (const [name, value] of Object.entries(output)) {
    if (value === undefined) continue;
    switch (name) {
      case 'Attributes':
        xml['Attribute'] = named(value, 'Name', 'Value');
        break;
      case 'MessageAttributes':
        xml['MessageAttribute'] = named(value, 'Name', 'Value');
        break;
      case 'Tags':
        xml['Tag'] = named(value, 'Key', 'Value');
        break;
      case 'QueueUrls':
      case 'queueUrls':
        xml['QueueUrl'] = value as XmlValue;
        break;
      case 'Messages':
        xml['Message'] = (value as SqsOutput[]).map((message) => toXml(action, message));
        break;
      case 'Successful':
        xml[`${action}ResultEntry`] = value as XmlValue;
        break;
      case 'Failed':
        xml['BatchResultErrorEntry'] = value as XmlValue;
        break;
      default:
        xml[name] = value as XmlValue;
    }
  }
  return xml;
};

/** The result element of the Query protocol; undefined for operations that have none. */
export const resultXml = (action: string, output: SqsOutput): XmlValue | undefined =>
  Object.keys(output).length === 0 && !/^(?:Get|List|Receive)/.test(action)
    ? undefined
    : toXml(action, output);
