import { Module } from '@nestjs/common';
import { ExportSuppressions } from './export-suppressions.js';
import { FindSuppressed } from './find-suppressed.js';
import { ImportSuppressions } from './import-suppressions.js';
import { SuppressMany } from './suppress-many.js';
import { Suppressions } from './suppressions.js';
import { SuppressionsRepository } from './suppressions.repository.js';
import { SystemSuppressionsRepository } from './system-suppressions.repository.js';

@Module({
  providers: [
    ExportSuppressions,
    FindSuppressed,
    ImportSuppressions,
    SuppressMany,
    Suppressions,
    SuppressionsRepository,
    SystemSuppressionsRepository,
  ],
  exports: [ExportSuppressions, FindSuppressed, ImportSuppressions, SuppressMany, Suppressions],
})
export class SuppressionsModule {}
