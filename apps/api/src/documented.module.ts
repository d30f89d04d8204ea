import { Module, type Type } from '@nestjs/common';
import { controllers } from './controllers.js';

/** What a controller's constructor asks for, each replaced by nothing: documentation calls no handler. */
const wanted = controllers.flatMap(
  (controller) => (Reflect.getMetadata('design:paramtypes', controller) ?? []) as Type[],
);

/** The controllers without what stands behind them, to read their documentation from. */
@Module({ controllers, providers: [...new Set(wanted)].map((provide) => ({ provide, useValue: {} })) })
export class DocumentedModule {}
