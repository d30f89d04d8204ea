import type { Tag } from '../../iam/caller.js';
import type { SesRegion } from '../../state/ses-region.js';
import { nameFromArn, sesArn } from '../arn.js';
import { badRequest, notFound } from '../errors.js';
import { operation, type SesCall } from '../operation.js';
import { list, required, structure, text } from '../shape.js';
import { tagList } from './common.js';

const resource = (_call: SesCall, input: { readonly ResourceArn: string }): string => input.ResourceArn;

/** Tags belong to resources that exist; another account's or region's do not, from here. */
const requireResource = (ses: SesRegion, arn: string): void => {
  const name = nameFromArn(arn);
  const exists =
    (arn === sesArn(ses, 'identity', name) && ses.identities.has(name)) ||
    (arn === sesArn(ses, 'configuration-set', name) && ses.configurationSets.has(name)) ||
    (arn === sesArn(ses, 'template', name) && ses.templates.has(name));
  if (!exists) throw notFound(`Resource ${arn} does not exist.`);
};

const arn = { ResourceArn: required(text({ min: 1 })) };

const tagResource = operation({
  name: 'TagResource',
  routes: ['POST /v2/email/tags'],
  input: structure({ ...arn, Tags: required(tagList) }),
  resource,
  run: ({ ses }, input) => {
    requireResource(ses, input.ResourceArn);
    const tags = new Map<string, Tag>((ses.tags.get(input.ResourceArn) ?? []).map((tag) => [tag.Key, tag]));
    for (const tag of input.Tags) tags.set(tag.Key, tag);
    if (tags.size > 50) throw badRequest('A resource has at most 50 tags.');
    ses.tags.set(input.ResourceArn, [...tags.values()]);
  },
});

const untagResource = operation({
  name: 'UntagResource',
  routes: ['DELETE /v2/email/tags'],
  query: {
    ResourceArn: { member: 'ResourceArn', type: 'text' },
    TagKeys: { member: 'TagKeys', type: 'list' },
  },
  input: structure({ ...arn, TagKeys: required(list(text())) }),
  resource,
  run: ({ ses }, input) => {
    requireResource(ses, input.ResourceArn);
    ses.tags.set(
      input.ResourceArn,
      (ses.tags.get(input.ResourceArn) ?? []).filter((tag) => !input.TagKeys.includes(tag.Key)),
    );
  },
});

const listTagsForResource = operation({
  name: 'ListTagsForResource',
  routes: ['GET /v2/email/tags'],
  query: { ResourceArn: { member: 'ResourceArn', type: 'text' } },
  input: structure(arn),
  resource,
  run: ({ ses }, input) => {
    requireResource(ses, input.ResourceArn);
    return { Tags: ses.tags.get(input.ResourceArn) ?? [] };
  },
});

export const TAG_OPERATIONS = [tagResource, untagResource, listTagsForResource];
