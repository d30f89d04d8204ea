import { applyDecorators, HttpCode, SerializeOptions } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { ZodArray, type ZodType } from 'zod';
import { errorSchema } from './error-body.js';

/** The success answer of a route: status, documentation, and a filter that lets through only what the schema names. */
export function Answers(status: 200 | 201 | 202, schema: ZodType): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    ApiResponse({ status, standardSchema: schema, description: 'Success' }),
    ApiResponse({ status: '4XX', standardSchema: errorSchema, description: 'The request was refused' }),
    ApiResponse({
      status: '5XX',
      standardSchema: errorSchema,
      description: 'Try again later; nothing was lost',
    }),
    // Nest applies the schema to each item of an array.
    SerializeOptions({ schema: schema instanceof ZodArray ? (schema.element as ZodType) : schema }),
  );
}
