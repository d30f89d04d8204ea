import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { htmlToText } from './html-to-text.js';

describe('htmlToText', () => {
  it.each([
    ['plain text', 'Hello', 'Hello'],
    ['nothing', '', ''],
    ['inline elements', '<b>Hel</b><i>lo</i> <u>you</u>', 'Hello you'],
    ['white space', '  Hello\n\t  <b> you </b> \n', 'Hello you'],
    ['paragraphs', '<p>One</p>\n<p>Two</p>', 'One\n\nTwo'],
    ['paragraphs left open', '<p>One<p>Two', 'One\n\nTwo'],
    ['headings', '<h1>Title</h1>text', 'Title\n\ntext'],
    ['line breaks', 'One<br>Two<br/>Three', 'One\nTwo\nThree'],
    ['divs', '<div>One<div>Two</div></div>Three', 'One\nTwo\nThree'],
    ['empty elements', '<div></div><p></p><div><p>One</p></div><ul><li></li></ul>', 'One'],
    ['a list', '<ul><li>One</li><li>Two</li></ul>after', '* One\n* Two\n\nafter'],
    ['a numbered list', '<ol><li>One<li>Two</ol>', '1. One\n2. Two'],
    ['lists in lists', '<ul><li>A<ol><li>B</li></ol></li><li>C</li></ul>', '* A\n  1. B\n* C'],
    ['a table', '<table><tr><td>A</td><td>1</td></tr><tr><td>B</td><td>2</td></tr></table>', 'A 1\nB 2'],
    [
      'a link',
      '<a href="https://example.com/x?a=1&amp;b=2">here</a>.',
      'here https://example.com/x?a=1&b=2.',
    ],
    [
      'a link that shows its address',
      '<a href="https://example.com/">https://example.com</a>',
      'https://example.com',
    ],
    ['a link that shows its host', '<a href="https://example.com">example.com</a>', 'example.com'],
    ['a mail link', '<a href="mailto:a@example.com">a@example.com</a>', 'a@example.com'],
    ['a link without text', '<a href=https://example.com><img src="x.png"></a>', 'https://example.com'],
    [
      'links that go nowhere',
      '<a href="#top">top</a> <a href="javascript:alert(1)">run</a> <a>a</a>',
      'top run a',
    ],
    ['a link left open', '<a href="https://example.com">here', 'here https://example.com'],
    ['an image', 'See <img src="x.png" alt="a &quot;cat&quot;"> there', 'See a "cat" there'],
    ['preformatted text', '<pre>a\n  b</pre>c', 'a\n  b\n\nc'],
    ['characters by name', '&lt;b&gt; &amp; &eacute;&euro;&hellip;&nbsp;&copy;', '<b> & é€… ©'],
    ['characters by number', '&#233;&#xE9;&#x1F600;&#0;&#xD800;&#1114112;', 'éé😀'],
    ['what is no reference', 'AT&T; &unknown; &; 1 &amp 2', 'AT&T; &unknown; &; 1 & 2'],
    ['a reference once only', '&amp;lt;', '&lt;'],
    ['invisible characters', 'a&zwnj;&#8203;b&shy;c', 'abc'],
    ['a head', '<html><head><title>T</title><style>p{}</style><meta x></head><body>B</body></html>', 'B'],
    ['scripts', 'a<script>if (1<2) "</p>"</script>b', 'ab'],
    ['a style left open', 'a<style>b', 'a'],
    ['comments', 'a<!-- <p>no</p> -->b<!--[if mso]><p>no</p><![endif]-->c', 'abc'],
    ['a comment left open', 'a<!-- b', 'a'],
    ['a doctype', '<!DOCTYPE html>a<?xml x?>b', 'ab'],
    ['less than', '1 < 2, 2 <3 and a<', '1 < 2, 2 <3 and a<'],
    ['a > in an attribute', '<p title="a>b">c</p>', 'c'],
    ['a tag left open', 'a<p title="', 'a'],
    ['upper case', '<P>One</P><BR><A HREF="https://example.com">Two</A>', 'One\n\n\nTwo https://example.com'],
    ['names of every object', '<constructor>a</constructor><valueOf>b</valueOf>', 'ab'],
  ])('%s', (_, html, text) => {
    expect(htmlToText(html)).toBe(text);
  });

  it('takes any text and never makes much more of it', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '&',
        '"',
        "'",
        '<!--',
        '-->',
        '</',
        '<a href="https://x.example/',
        '">',
        '<li>',
        '<ol>',
      ),
      fc.constantFrom(
        '<ul>',
        '</ul>',
        '<br>',
        '<p>',
        '<style>',
        '</style>',
        '<pre>',
        '&amp;',
        '&#x',
        ' ',
        '\n',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const html = pieces.join('');
        const text = htmlToText(html.toWellFormed());
        expect(text.isWellFormed()).toBe(true);
        expect(text.length).toBeLessThanOrEqual(html.length * 3);
      }),
      { seed: 1, numRuns: 2_000 },
    );
  });

  // Each takes far less than a second; in quadratic time it would be minutes, and the runner's own bound ends it.
  it.each([
    ['nested elements', '<div>'],
    ['nested tables', '<table><tr><td>'],
    ['nested lists', '<ul><li>x'],
    ['open paragraphs', '<p>x'],
    ['open links', '<a href="https://example.com/">x'],
    ['open attributes', '<a title="'],
    ['less than', '<'],
    ['ampersands', '&'],
    ['open comments', '<!--'],
    ['open styles', '<style>'],
    ['attributes without values', '<a href href href      '],
    ['open end tags', '</'],
  ])('a megabyte of %s is done before long', (_, piece) => {
    const html = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const text = htmlToText(html);
    expect(text.length).toBeLessThanOrEqual(html.length * 3);
  });
});
