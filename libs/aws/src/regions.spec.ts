import { describe, expect, it } from '@jest/globals';
import { isSesRegion, partitionOfRegion, partitions, sesRegions } from './regions.js';

describe('isSesRegion', () => {
  it.each([...sesRegions])('takes %s', (region) => {
    expect(isSesRegion(region)).toBe(true);
  });

  it.each([
    ['China, which has no SES API v2', 'cn-north-1'],
    ['China, the other one', 'cn-northwest-1'],
    ['a region without SES', 'ap-east-1'],
    ['an availability zone', 'eu-west-1a'],
    ['capitals', 'EU-WEST-1'],
    ['spaces', ' eu-west-1'],
    ['a host', 'eu-west-1.evil.example/'],
    ['another host', 'x@evil.example#'],
    ['the word of SigV4a', '*'],
    ['an inherited property', 'constructor'],
    ['nothing', ''],
  ])('refuses %s: %j', (_, region) => {
    expect(isSesRegion(region)).toBe(false);
  });

  it('names each region once', () => {
    expect(new Set(sesRegions).size).toBe(30);
    expect(sesRegions).toHaveLength(30);
  });
});

describe('partitionOfRegion', () => {
  it.each([
    ['eu-west-1', 'aws'],
    ['us-east-1', 'aws'],
    ['il-central-1', 'aws'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['us-gov-east-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
    ['eusc-de-east-1', 'aws-eusc'],
  ])('of %s is %s', (region, partition) => {
    expect(partitionOfRegion(region)).toBe(partition);
  });

  it('is one of the known for every region of SES', () => {
    for (const region of sesRegions) expect(partitions).toContain(partitionOfRegion(region));
  });
});
