import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { ZodType } from 'zod';
import { errorSchema } from './error-body.js';

/** Metadata of a route: the schema of its success answer. */
export const ANSWER = 'sesame:answer';

type Handler = (...args: unknown[]) => unknown;

/**
 * The success answer of a route: status, documentation, and a filter that lets through only what the schema names, so that nothing
 * secret leaks by accident. The handler itself is wrapped: an interceptor would do the same through observables, at a price that
 * shows on the send route. Must be the decorator nearest to the method.
 */
export function Answers(status: 200 | 201 | 202, schema: ZodType): MethodDecorator {
  return (target, key, descriptor: TypedPropertyDescriptor<unknown> | PropertyDescriptor) => {
    const original = descriptor.value as Handler;
    const filtered = async function (this: unknown, ...args: unknown[]): Promise<unknown> {
      return schema.parse(await original.apply(this, args));
    };
    // Nest and its documentation read the method's name.
    Object.defineProperty(filtered, 'name', { value: original.name });
    descriptor.value = filtered;
    applyDecorators(
      HttpCode(status),
      SetMetadata(ANSWER, schema),
      ApiResponse({ status, standardSchema: schema, description: 'Success' }),
      ApiResponse({ status: '4XX', standardSchema: errorSchema, description: 'The request was refused' }),
      ApiResponse({
        status: '5XX',
        standardSchema: errorSchema,
        description: 'Try again later; nothing was lost',
      }),
    )(target, key, descriptor as TypedPropertyDescriptor<unknown>);
  };
}

/** A success answer that is a file, streamed by the handler; `contentType` as the documentation shows it. */
export function AnswersFile(contentType: string): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    SetMetadata(ANSWER, 'file'),
    ApiResponse({
      status: 200,
      content: { [contentType]: { schema: { type: 'string' } } },
      description: 'Success',
    }),
    ApiResponse({ status: '4XX', standardSchema: errorSchema, description: 'The request was refused' }),
    ApiResponse({
      status: '5XX',
      standardSchema: errorSchema,
      description: 'Try again later; nothing was lost',
    }),
  );
}
