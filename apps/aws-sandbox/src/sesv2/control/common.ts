import { list, optional, required, structure, text, integer } from '../shape.js';

export const tagList = list(
  structure({ Key: required(text({ min: 1, max: 128 })), Value: required(text({ max: 256 })) }),
  { max: 50 },
);

export const pagingMembers = { NextToken: optional(text()), PageSize: optional(integer()) };

/** SES timestamps are epoch seconds with a fraction, never text. */
export const epochSeconds = (ms: number): number => ms / 1000;
