import { describe, expect, it } from '@jest/globals';
import { isProblem, keysOf, scanTemplate } from './scan.js';

const raw = (key: string, source = `{{{${key}}}}`) => ({ key, isRaw: true, source });
const escaped = (key: string, source = `{{${key}}}`) => ({ key, isRaw: false, source });

describe('scanTemplate', () => {
  it.each([
    ['', []],
    ['Hello', ['Hello']],
    ['{{{NAME}}}', [raw('NAME')]],
    ['{{NAME}}', [escaped('NAME')]],
    ['Hi {{{A}}}, {{B}}!', ['Hi ', raw('A'), ', ', escaped('B'), '!']],
    ['{{{A}}}{{{A}}}', [raw('A'), raw('A')]],
    ['{{ A }}', [escaped('A', '{{ A }}')]],
    ['{{{\n A\t}}}', [raw('A', '{{{\n A\t}}}')]],
    ['{{A}}}', [escaped('A'), '}']],
    ['a { b } c }} d', ['a { b } c }} d']],
    ['<style>a{b:{c}}</style>', ['<style>a{b:{c}}</style>']],
    ['{{a_1}}', [escaped('a_1')]],
    ['{{constructor}}{{{toString}}}', [escaped('constructor'), raw('toString')]],
    ['{ {A}}', ['{ {A}}']],
    ['ä{{A}}🙂', ['ä', escaped('A'), '🙂']],
    [`{{${'K'.repeat(50)}}}`, [escaped('K'.repeat(50))]],
  ])('cuts %j', (source, parts) => {
    expect(scanTemplate(source)).toEqual(parts);
  });

  it.each([
    ['{{#each items}}x{{/each}}', '{{#each items}}', 1, 1],
    ['a{{^A}}', '{{^A}}', 1, 2],
    ['line\nand {{> partial}}', '{{> partial}}', 2, 5],
    ['{{! comment }}', '{{! comment }}', 1, 1],
    ['{{=<% %>=}}', '{{=<% %>=}}', 1, 1],
    ['{{&A}}', '{{&A}}', 1, 1],
    ['{{user.name}}', '{{user.name}}', 1, 1],
    ['{{{contact.first_name|there}}}', '{{{contact.first_name|there}}}', 1, 1],
    ['{{.}}', '{{.}}', 1, 1],
    ['{{}}', '{{}}', 1, 1],
    ['{{A B}}', '{{A B}}', 1, 1],
    ['{{A', '{{A', 1, 1],
    ['\n\n  {{', '{{', 3, 3],
    ['{{{A}}', '{{{A}}', 1, 1],
    ['{{{ A }} }', '{{{ A }}', 1, 1],
    ['{{{{A}}}}', '{{{{A}}}}', 1, 1],
    ['{{Ä}}', '{{?}}', 1, 1],
    ['{{a-b}}', '{{a-b}}', 1, 1],
    [`{{${'K'.repeat(51)}}}`, `{{${'K'.repeat(38)}`, 1, 1],
    ['{{ok}}{{require("fs")}}', '{{require("fs")}}', 1, 7],
  ])('refuses %j and says where', (source, tag, line, column) => {
    expect(scanTemplate(source)).toEqual({ tag, line, column });
  });

  // Each takes a quadratic scanner half a minute or more; the bound of the test run is what fails then.
  it.each([
    ['an open tag and blanks', '{{a' + ' '.repeat(1_000_000)],
    ['open braces', '{'.repeat(1_000_000)],
    ['closing braces', '}'.repeat(1_000_000)],
    ['one tag after the other, never closed', '{{a '.repeat(250_000)],
    ['blanks before a closing tag', `{{a${' '.repeat(1_000_000)}}`],
    ['line breaks and then a bad tag', '\n'.repeat(1_000_000) + '{{#a}}'],
    ['a long text without tags', 'x'.repeat(1_000_000)],
  ])('is done with a megabyte of %s', (_, source) => {
    const result = scanTemplate(source);
    expect(isProblem(result)).toBe(source.includes('{{'));
  });

  it('takes 10 000 tags and not one more', () => {
    expect(scanTemplate('{{A}}'.repeat(10_000))).toHaveLength(10_000);
    expect(scanTemplate('{{A}}'.repeat(10_001))).toEqual({ tag: '{{A}}', line: 1, column: 50_001 });
    expect(scanTemplate('{{A}}'.repeat(100_000))).toMatchObject({ column: 50_001 });
  });
});

it('keysOf names each key once', () => {
  const parts = scanTemplate('{{A}} {{{B}}} {{{A}}}');
  expect(isProblem(parts) ? undefined : [...keysOf(parts)]).toEqual(['A', 'B']);
});
