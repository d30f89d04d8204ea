import { describe, expect, it } from '@jest/globals';
import { certificatePathOf, snsHostOf } from './certificate-url.js';

const topic = 'arn:aws:sns:eu-west-1:444455556666:feedback';
const file = 'SimpleNotificationService-b45bb7bff2efb5d394eb0f500e3ed93b.pem';
const good = `https://sns.eu-west-1.amazonaws.com/${file}`;

describe('the URL of a certificate', () => {
  it.each([
    [topic, good],
    ['arn:aws-us-gov:sns:us-gov-west-1:444455556666:t', `https://sns.us-gov-west-1.amazonaws.com/${file}`],
    ['arn:aws-eusc:sns:eusc-de-east-1:444455556666:t', `https://sns.eusc-de-east-1.amazonaws.eu/${file}`],
  ])('for %s is taken: %s', (arn, url) => {
    expect(certificatePathOf(url, arn)).toBe(`/${file}`);
  });

  it.each([
    ['plain http', good.replace('https:', 'http:')],
    ['another region', good.replace('eu-west-1', 'us-east-1')],
    ['another partition', good.replace('amazonaws.com', 'amazonaws.com.cn')],
    ['another service', good.replace('sns.', 's3.')],
    ['a bucket', `https://sns.eu-west-1.s3.amazonaws.com/${file}`],
    ['a longer host', good.replace('amazonaws.com', 'amazonaws.com.evil.example')],
    ['a user', good.replace('https://', 'https://sns.eu-west-1.amazonaws.com@evil.example/')],
    ['a port', good.replace('amazonaws.com', 'amazonaws.com:8443')],
    ['a query', `${good}?x=1`],
    ['a fragment', `${good}#x`],
    ['a backslash', good.replace('amazonaws.com/', 'amazonaws.com\\@evil.example/')],
    ['capitals', good.replace('sns.', 'SNS.')],
    ['a folder', good.replace('/Simple', '/x/Simple')],
    ['dots', good.replace('/Simple', '/../Simple')],
    ['another file', good.replace('.pem', '.txt')],
    ['a name that SNS does not use', `https://sns.eu-west-1.amazonaws.com/mine.pem`],
    ['a line break', `${good}\n`],
    ['a loopback', `https://127.0.0.1/${file}`],
    ['nothing', ''],
  ])('with %s is refused', (_, url) => {
    expect(certificatePathOf(url, topic)).toBeUndefined();
  });
});

describe('the host of a topic', () => {
  it.each([
    'arn:aws:sns:eu-west-1:444455556666:feedback.fifo',
    'arn:aws:sqs:eu-west-1:444455556666:feedback',
    'arn:aws:sns:mars-north-1:444455556666:feedback',
    'arn:aws-cn:sns:eu-west-1:444455556666:feedback',
    'arn:aws:sns:eu-west-1:4444:feedback',
    'arn:aws:sns:eu-west-1:444455556666:',
    'arn:aws:sns:evil.example/:444455556666:x',
    'constructor',
  ])('is unknown for %s', (arn) => {
    expect(snsHostOf(arn)).toBeUndefined();
  });
});
