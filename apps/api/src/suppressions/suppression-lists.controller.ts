import { Readable } from 'node:stream';
import { Body, Controller, Get, Headers, Inject, Param, Post, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Projects, type Principal } from '#libs/accounts';
import { ExportSuppressions, ImportSuppressions } from '#libs/suppressions';
import { Allow, Caller } from '../http/access.js';
import { Answers, AnswersFile } from '../http/answers.js';
import { importedSchema, importSchema } from './suppression.schemas.js';

const uuid = z.uuid();

/** Whole suppression lists: from another sender, and to one. */
@ApiTags('Suppressions')
@ApiBearerAuth()
@Allow('manage')
@Controller('v1/projects/:id/suppressions')
export class SuppressionListsController {
  constructor(
    @Inject(Projects) private readonly projects: Projects,
    @Inject(ImportSuppressions) private readonly importSuppressions: ImportSuppressions,
    @Inject(ExportSuppressions) private readonly exportSuppressions: ExportSuppressions,
  ) {}

  /** Up to 100 000 lines of CSV (`email`, `origin`) or of JSON (`{"email", "origin"}`). Sends no webhooks. */
  @Post('import')
  @ApiConsumes('text/csv', 'application/x-ndjson')
  @ApiBody({ schema: { type: 'string' } })
  @Answers(200, importedSchema)
  async import(
    @Caller() caller: Principal,
    @Param('id', { schema: uuid }) id: string,
    @Headers('content-type') contentType: string | undefined,
    @Body({ schema: importSchema }) body: string,
  ) {
    const project = await this.projects.get(caller, id);
    const format = contentType?.includes('json') === true ? 'ndjson' : 'csv';
    return {
      object: 'suppression_import',
      ...(await this.importSuppressions.execute(project.id, body, format)),
    };
  }

  @Get('export')
  @AnswersFile('text/csv')
  async export(@Caller() caller: Principal, @Param('id', { schema: uuid }) id: string) {
    const project = await this.projects.get(caller, id);
    return new StreamableFile(Readable.from(this.exportSuppressions.execute(project.id)), {
      type: 'text/csv; charset=utf-8',
      disposition: 'attachment; filename="suppressions.csv"',
    });
  }
}
